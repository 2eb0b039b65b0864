/** What the mail server listens for, each on a port of its own. */
export const MAIL_SERVICES = [
  "imaps",
  "imap",
  "pop3s",
  "pop3",
  "submissions",
  "submission",
  "sieve",
  "smtp",
] as const;

export type MailService = (typeof MAIL_SERVICES)[number];
