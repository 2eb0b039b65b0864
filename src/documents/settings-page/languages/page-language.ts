import type { TlsMode } from "../../../spec/mail-domain.ts";

/**
 * Every text of the settings page in one language. A text is plain, with two marks: `*words*` are what stands on a
 * button or a value (bold), and `{name}` is a value of the domain. Which values there are: `PageValues`.
 */
export interface PageLanguage {
  /** BCP 47 (RFC 5646): the key in the domain's file and the document's `lang`. */
  readonly tag: string;
  /** The language's name in itself. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
  readonly page: {
    readonly title: string;
    readonly languages: string;
    readonly heading: string;
    readonly lead: string;
    readonly advice: string;
    readonly neverAsks: string;
    readonly webmail: string;
    readonly help: string;
  };
  readonly settings: {
    readonly heading: string;
    readonly account: string;
    readonly incoming: string;
    readonly outgoing: string;
    readonly userName: string;
    readonly userNameIsAddress: string;
    readonly userNameIsLocalPart: string;
    readonly password: string;
    readonly passwordOfMailbox: string;
    readonly server: string;
    readonly port: string;
    readonly security: string;
    readonly tls: Readonly<Record<TlsMode, string>>;
    readonly signIn: string;
    readonly sameSignIn: string;
    readonly plainWarning: string;
    readonly oauth2: string;
  };
  readonly protocol: {
    readonly heading: string;
    readonly imap: string;
    readonly imapAdvice: string;
    readonly pop3: string;
    readonly pop3Advice: string;
  };
  readonly spam: {
    readonly heading: string;
    readonly trained: string;
    /** Said as well where POP3 is offered. */
    readonly notWithPop3: string;
    readonly untrained: string;
  };
  readonly services: {
    readonly heading: string;
    readonly signIn: string;
    readonly calDav: string;
    readonly cardDav: string;
    readonly jmap: string;
    readonly sieve: string;
  };
  readonly profile: {
    readonly heading: string;
    readonly text: string;
    readonly download: string;
    readonly scan: string;
    readonly qrCode: string;
  };
  readonly apps: {
    readonly heading: string;
    /** How much an app does by itself, in one or two words. */
    readonly effort: Readonly<Record<Effort, string>>;
    readonly guides: Readonly<Record<GuideName, Guide>>;
  };
}

/** How much an app does by itself. */
export type Effort = "automatic" | "partly" | "profile" | "manual";

/** An app, or a way through it: which of them a page shows depends on what the domain offers. */
export type GuideName =
  | "thunderbird"
  | "appleWithProfile"
  | "appleByHand"
  | "newOutlook"
  | "classicOutlook"
  | "gmail"
  | "androidAutomatic"
  | "androidByHand"
  | "otherApp";

export interface Guide {
  readonly title: string;
  /** Where it runs, or which editions are meant. */
  readonly subtitle: string;
  /** What to know beforehand: what works and what does not. */
  readonly about?: string;
  readonly steps: readonly string[];
  readonly note?: string;
}
