/** Record types that clients and checks ask for. */
export type QueryType = "A" | "AAAA" | "CAA" | "CNAME" | "DS" | "MX" | "NS" | "SRV" | "TLSA" | "TXT";

/** Absent and could-not-look are two outcomes: a time-out is never "missing". */
export type Resolution =
  | {
      readonly state: "found";
      readonly data: readonly string[];
      /** CNAME targets on the way, in their order; absent or empty where the name holds the data itself. */
      readonly aliases?: readonly string[] | undefined;
      /** True where a validating resolver vouches for the answer (AD, RFC 4035 §3.2.3). */
      readonly isAuthenticated?: boolean | undefined;
      readonly ms?: number | undefined;
    }
  | {
      readonly state: "absent";
      /** True where the name, or the end of its aliases, does not exist at all (NXDOMAIN), as opposed to one without the type. */
      readonly isNoName?: boolean | undefined;
      /** CNAME targets on the way to a name that holds nothing of the type. */
      readonly aliases?: readonly string[] | undefined;
      readonly ms?: number | undefined;
    }
  | { readonly state: "unknown"; readonly reason: string; readonly ms?: number | undefined };

export interface WorldRequest {
  readonly method: "GET" | "HEAD" | "OPTIONS" | "POST" | "PROPFIND";
  readonly url: string;
  /** Never a credential: the answer is asked for over untrusted connections, too. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** True: the request's target is the whole URL (absolute form, RFC 9112 §3.2.2). Default false, the path and query. */
  readonly isAbsolute?: boolean | undefined;
  /**
   * True: the client sends the mailbox password with it. The network is asked without one, whatever this says; a world of
   * data may answer as to the right password. Default false.
   */
  readonly withPassword?: boolean | undefined;
  /** Milliseconds that the client itself would wait; a world may give up earlier. Default: the world's own limit. */
  readonly timeoutMs?: number | undefined;
}

/** The certificate that a server presents. */
export interface PresentedCertificate {
  /** Hex of the SHA-256 of the DER SubjectPublicKeyInfo (RFC 7671 §5.1). */
  readonly spkiSha256: string;
  readonly notAfter: Date;
  /** Where the world knows it. */
  readonly notBefore?: Date | undefined;
  /** DNS names and addresses of the SAN extension, where the world knows them. */
  readonly subjectAltNames?: readonly string[] | undefined;
  /** Hex of the SHA-256 of the whole certificate, lower case, where the world knows it. */
  readonly fingerprint?: string | undefined;
  /** Hex, upper case. */
  readonly serial?: string | undefined;
}

/**
 * Why there is no answer. `absent`: the name has no address. `unresolved`: the name could not be looked up.
 * `refused`: nothing listens. `unreachable`: no route, or the connection broke. `timeout`: silence. `tls-failed`: no
 * handshake (an untrusted certificate is no failure: see `tlsError`). `protocol-error`: what came was not HTTP.
 * `too-large`: more than a document may have. `not-allowed`: the address is not a public one. `invalid-url`: nothing
 * could be sent. `unknown`: a planned world knows nothing of this host.
 */
export type RequestFailure =
  | "absent"
  | "unresolved"
  | "refused"
  | "unreachable"
  | "timeout"
  | "tls-failed"
  | "protocol-error"
  | "too-large"
  | "not-allowed"
  | "invalid-url"
  | "unknown";

export type WorldResponse =
  | {
      readonly state: "answered";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** The body as it came, where the world has it: text loses what is no UTF-8, such as a signed profile. */
      readonly bytes?: Uint8Array | undefined;
      /** Why the certificate is not trusted; undefined where it is, or over plain HTTP. */
      readonly tlsError: string | undefined;
      /** What the server presented; undefined over plain HTTP, and in a world without certificates. */
      readonly certificate?: PresentedCertificate | undefined;
      /** True where the client would have sent the password, and the world did not: another answer might have come. */
      readonly isPasswordWithheld?: boolean | undefined;
      readonly ms: number;
    }
  | {
      readonly state: "failed";
      readonly kind: RequestFailure;
      /** The system's or the library's own words. */
      readonly reason: string;
      /** True where it is known that whoever answers asks for no password. */
      readonly asksNoPassword?: boolean | undefined;
      /** The newest version that the server speaks, where the handshake failed for its being too old: `TLSv1`, `TLSv1.1`. */
      readonly tlsProtocol?: string | undefined;
      readonly ms: number;
    };

/** What mail clients are set up with. */
export type MailProtocol = "imap" | "pop3" | "submission";

/** What speaks at a mail port: beside a client's protocols ManageSieve (RFC 5804), and SMTP between servers (RFC 5321). */
export type MailPortProtocol = MailProtocol | "sieve" | "smtp";

export interface MailPortQuestion {
  readonly protocol: MailPortProtocol;
  /** The name that clients are given: sent as SNI, and the one that the certificate must cover. */
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls";
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  /** Milliseconds that the client itself would wait. Default: the world's own limit. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds until somebody takes the connection. Default: all of the time. */
  readonly connectTimeoutMs?: number | undefined;
}

/** What a mail port was seen to do. */
export type MailPortView =
  | {
      readonly outcome: "answered";
      readonly authorized: boolean;
      readonly authorizationError?: string | undefined;
      readonly tlsProtocol: string;
      readonly certificate: PresentedCertificate;
      /** DER of every certificate as it was sent, the server's own first; absent where the world has no certificates. */
      readonly chain?: readonly Uint8Array[] | undefined;
      /** Those offered inside TLS, in upper case. */
      readonly capabilities?: readonly string[] | undefined;
      /** Those offered before STARTTLS, in upper case; absent with implicit TLS. */
      readonly plainCapabilities?: readonly string[] | undefined;
      readonly login?: unknown;
      readonly loggedIn?: boolean | undefined;
      readonly ms: number;
    }
  | {
      readonly outcome: MailPortFailureKind;
      readonly detail: string;
      /** How far the connection had come, where the world knows it; `connect`: nobody has answered at all. */
      readonly phase?: string | undefined;
      /** The newest version that the server speaks, where the handshake failed for its being too old: `TLSv1`, `TLSv1.1`. */
      readonly tlsProtocol?: string | undefined;
      readonly ms?: number | undefined;
    };

/**
 * Why a mail port gave no answer: as {@link RequestFailure}, and `starttls-refused`: the server does not upgrade.
 */
export type MailPortFailureKind = Exclude<RequestFailure, "too-large" | "invalid-url"> | "starttls-refused";

/**
 * What a mail client can ask: names, documents and mail ports. A live world asks the network, a planned one answers from
 * the plan. No redirect is followed; the caller sees it.
 */
export interface World {
  /**
   * SRV data is `priority weight port target`, MX `preference host`, TLSA `usage selector matchingType hex`; names in
   * lower case without a final dot.
   */
  readonly resolve: (name: string, type: QueryType) => Promise<Resolution>;
  readonly request: (request: WorldRequest) => Promise<WorldResponse>;
  /** Connects to a mail port and hears what it offers, without a login unless one is given. Never rejects. */
  readonly probe: (question: MailPortQuestion) => Promise<MailPortView>;
}
