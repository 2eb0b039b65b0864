/** The shape of a domain file after the schema, before names are checked and defaults set. */
export interface DomainFile {
  domain: string;
  displayName?: string | undefined;
  displayShortName?: string | undefined;
  preset?: PresetFile | undefined;
  /** Missing where a hosted preset gives it. */
  mailServer?: MailServerFile | undefined;
  username?: "address" | "localPart" | undefined;
  webmail?: string | undefined;
  calDav?: string | undefined;
  cardDav?: string | undefined;
  jmap?: string | undefined;
  mx?: MailExchangerFile[] | false | undefined;
  spf?: string | undefined;
  dkim?: DkimKeyFile[] | undefined;
  dmarc?: string | undefined;
  mtaSts?: { mode: "testing" | "enforce" | "none"; maxAgeSeconds?: number | undefined } | undefined;
  tlsRpt?: string[] | undefined;
  caa?: boolean | CaaFile | undefined;
  guessNames?: string[] | undefined;
  help?: HelpFile | undefined;
  languages?: string[] | undefined;
  oauth2?: OAuth2File | undefined;
  aliases?: string[] | undefined;
  publish?: { srvTarget?: string | undefined } | { origin: string } | undefined;
  certificate?: CertificateFile | undefined;
  adopt?: string[] | undefined;
  replace?: string[] | undefined;
  wildcard?:
    | WildcardPolicyName
    | { policy?: WildcardPolicyName | undefined; accept?: string[] | undefined }
    | undefined;
}

export type WildcardPolicyName = "shadow" | "forbid" | "allow";

/** A preset's name, or its name with the values that it needs. */
export type PresetFile = string | ({ name: string } & { [value: string]: string });

export interface MailServerFile {
  host?: string | undefined;
  addresses?: string[] | undefined;
  imap?: ServiceFile | undefined;
  pop3?: ServiceFile | undefined;
  submission?: ServiceFile | undefined;
  sieve?: SieveFile | undefined;
  allowPlaintext?: boolean | undefined;
  spamTraining?: boolean | undefined;
}

export interface EndpointFile {
  host?: string | undefined;
  port?: number | undefined;
  tls?: "implicit" | "starttls" | "plain" | undefined;
}

export type ServiceFile = false | EndpointFile | EndpointFile[];

export type SieveFile = boolean | { host?: string | undefined; port?: number | undefined };

export interface MailExchangerFile {
  host: string;
  priority?: number | undefined;
}

export interface DkimKeyFile {
  selector: string;
  publicKey?: string | undefined;
  keyType?: "rsa" | "ed25519" | undefined;
  cname?: string | undefined;
}

export interface CaaFile {
  issuers?: string[] | undefined;
  iodef?: string | undefined;
  bindAccount?: boolean | undefined;
}

export interface HelpFile {
  url: string;
  texts?: Record<string, string> | undefined;
}

export interface OAuth2File {
  issuer: string;
  authUrl: string;
  tokenUrl: string;
  scopes: string[];
  clientId?: string | undefined;
}

export interface CertificateFile {
  additionalNames?: string[] | undefined;
  keyType?: "P-256" | "P-384" | "RSA-2048" | "RSA-3072" | "RSA-4096" | undefined;
  profile?: string | undefined;
  layout?: "single" | "separate" | undefined;
  keyVersion?: number | undefined;
  preferredChain?: string | undefined;
  delegatedNames?: string[] | undefined;
  revokeOnDelete?: boolean | undefined;
  renewalFailure?: "warn" | "error" | undefined;
  provided?: string | undefined;
  deployTo?: { directory: string; certificate?: "mail" | "domain" | undefined }[] | undefined;
}
