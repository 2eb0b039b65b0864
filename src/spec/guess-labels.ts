/**
 * Labels below the domain that clients try where they find no settings: Thunderbird's GuessConfig and its kin
 * (github.com/mozilla/releases-comm-central, mail/components/accountcreation/modules/GuessConfig.sys.mjs, verified 2026-11-23).
 */
export const GUESS_LABELS = ["imap", "smtp", "mail", "pop", "pop3"] as const;

export type GuessLabel = (typeof GUESS_LABELS)[number];
