import type { Endpoint, TlsMode } from "../spec/mail-domain.ts";
import type { ServerSettings } from "./client-settings.ts";
import { loginName } from "./login-name.ts";
import { escapeXml } from "./xml.ts";

/** Namespaces are http://: the https:// of Microsoft's web samples is an artefact of its tooling. */
const RESPONSE_NAMESPACE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
export const OUTLOOK_RESPONSE_SCHEMA =
  "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

/** Hours until Outlook asks again; 0 would mean never (MS-OXDSCLI TTL). */
const TTL_HOURS = 24;

/** `SSL` is implicit TLS, `TLS` is STARTTLS: `TLS` on 993 makes Outlook wait for a greeting in the clear. */
const ENCRYPTION: Readonly<Record<TlsMode, { ssl: "on" | "off"; encryption: "SSL" | "TLS" | "None" }>> = {
  implicit: { ssl: "on", encryption: "SSL" },
  starttls: { ssl: "on", encryption: "TLS" },
  plain: { ssl: "off", encryption: "None" },
};

/**
 * Renders the settings response of Autodiscover POX (MS-OXDSCLI, Outlook schema 2006a) for IMAP, POP3 and SMTP.
 * Without an address (a client that asks by GET) `User` and `LoginName` are left out.
 */
export function renderAutodiscoverPox(settings: ServerSettings, address: string | undefined): string {
  const login = address === undefined ? undefined : loginName(settings, address);
  const protocols = [
    ...(settings.imap === undefined ? [] : protocol("IMAP", settings.imap, login)),
    ...(settings.pop3 === undefined ? [] : protocol("POP3", settings.pop3, login)),
    ...protocol("SMTP", settings.submission, login, [
      "<UsePOPAuth>on</UsePOPAuth>",
      "<SMTPLast>off</SMTPLast>",
    ]),
  ];
  return envelope(OUTLOOK_RESPONSE_SCHEMA, [
    ...(address === undefined
      ? []
      : [
          `    <User>`,
          `      <DisplayName>${escapeXml(address)}</DisplayName>`,
          `      <AutoDiscoverSMTPAddress>${escapeXml(address)}</AutoDiscoverSMTPAddress>`,
          `    </User>`,
        ]),
    `    <Account>`,
    `      <AccountType>email</AccountType>`,
    `      <Action>settings</Action>`,
    ...protocols,
    `    </Account>`,
  ]);
}

/**
 * Error codes of MS-OXDSCLI: what a client is told with status 200. 500 is for a mail domain that is not here; a local
 * part is never judged.
 */
export const POX_ERROR = {
  addressNotFound: { code: 500, message: "The email address can't be found." },
  badAddress: { code: 501, message: "The email address is not valid." },
  invalidRequest: { code: 600, message: "Invalid Request" },
  schemaNotProvided: { code: 601, message: "Provider is not available" },
  noServers: { code: 602, message: "The mail domain has no settings for mail clients." },
  serverError: { code: 603, message: "The server could not answer. Try again later." },
} as const;

/** Renders an error response. `now` gives the time of day; the id is a fixed number, as it names no machine here. */
export function renderAutodiscoverPoxError(
  error: { readonly code: number; readonly message: string },
  now: Date,
): string {
  const time = `${now.toISOString().slice(11, 23)}0000`;
  return envelope(undefined, [
    `    <Error Time="${time}" Id="1054084152">`,
    `      <ErrorCode>${error.code}</ErrorCode>`,
    `      <Message>${escapeXml(error.message)}</Message>`,
    `      <DebugData/>`,
    `    </Error>`,
  ]);
}

function envelope(schema: string | undefined, body: readonly string[]): string {
  const namespace = schema === undefined ? "" : ` xmlns="${schema}"`;
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<Autodiscover xmlns="${RESPONSE_NAMESPACE}">`,
    `  <Response${namespace}>`,
    ...body,
    `  </Response>`,
    `</Autodiscover>`,
    ``,
  ].join("\n");
}

/** Element order is the schema's. SPA is always sent: absent means on, and Outlook then demands NTLM. */
function protocol(
  type: string,
  endpoint: Endpoint,
  login: string | undefined,
  extra: readonly string[] = [],
): string[] {
  const { ssl, encryption } = ENCRYPTION[endpoint.tls];
  const elements = [
    `<Type>${type}</Type>`,
    `<TTL>${TTL_HOURS}</TTL>`,
    `<Server>${escapeXml(endpoint.host)}</Server>`,
    `<Port>${endpoint.port}</Port>`,
    ...(login === undefined ? [] : [`<LoginName>${escapeXml(login)}</LoginName>`]),
    `<DomainRequired>off</DomainRequired>`,
    `<SPA>off</SPA>`,
    `<SSL>${ssl}</SSL>`,
    `<Encryption>${encryption}</Encryption>`,
    `<AuthRequired>on</AuthRequired>`,
    ...extra,
  ];
  return [`      <Protocol>`, ...elements.map((element) => `        ${element}`), `      </Protocol>`];
}
