import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { OUTLOOK_RESPONSE_SCHEMA } from "../../src/documents/autodiscover-pox.ts";
import { respond } from "../../src/responder/respond.ts";
import type { TenantStore } from "../../src/responder/tenant.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

/** The domains that {@link ask} answers for. */
const TENANTS = [
  sampleDomain({ mx: [{ host: "mail.example.com" }], mtaSts: { mode: "testing" } }),
  sampleDomain({ domain: "example.net", username: "localPart", mailServer: { pop3: {} } }),
  sampleDomain({ domain: "bücher.example" }),
  sampleDomain({ domain: "languages.example", languages: ["en", "de"] }),
  sampleDomain({ domain: "starttls.example", mailServer: { submission: [{ tls: "starttls" }] } }),
  sampleDomain({
    domain: "dav.example",
    calDav: "https://dav.example.net/calendars/",
    cardDav: "https://dav.example.net/contacts/",
    jmap: "https://jmap.example.net",
  }),
];

export const AUTOCONFIG_PATHS = [
  "/mail/config-v1.1.xml",
  "/.well-known/autoconfig/mail/config-v1.1.xml",
] as const;
export const AUTOCONFIG: string = `https://autoconfig.example.com${AUTOCONFIG_PATHS[0]}`;
export const AUTODISCOVER = "https://autodiscover.example.com/autodiscover/autodiscover.xml";
export const WORKERS_DEV = "https://mail-autodiscover.example.workers.dev/autodiscover/autodiscover.xml";
export const NOW: Date = new Date("2026-11-23T10:20:30.123Z");

export function memoryTenants(domains: readonly MailDomain[]): TenantStore {
  return async (name) => {
    const domain = domains.find((one) => one.domain === name);
    return domain === undefined ? undefined : deriveClientSettings(domain);
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends one request to the responder, which knows the domains above and, by domain, signed profiles. */
export async function ask(
  url: string,
  init: RequestInit = {},
  profiles: Readonly<Record<string, Uint8Array>> = {},
): Promise<Answer> {
  const profile = async (domain: string): Promise<Uint8Array | undefined> => profiles[domain];
  const tenants = Object.assign(memoryTenants(TENANTS), { profile });
  const response = await respond(new Request(url, init), { tenants, now: () => NOW });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Posts a body to the autodiscover endpoint of example.com, with a content type only where `headers` has one. */
export async function post(
  body: RequestInit["body"],
  init: RequestInit = {},
  url: string = AUTODISCOVER,
): Promise<Answer> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return ask(url, { method: "POST", body: bytes ?? null, ...init });
}

/** The request that Outlook sends for an address, which has to be XML text already. */
export function poxRequest(address: string, schema: string = OUTLOOK_RESPONSE_SCHEMA): string {
  const namespace = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${namespace}">
  <Request>
    <EMailAddress>${address}</EMailAddress>
    <AcceptableResponseSchema>${schema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>`;
}

/** The error code of a POX answer; undefined where it has none. */
export function errorCodeOf(answer: Answer): number | undefined {
  const code = /<ErrorCode>(\d+)<\/ErrorCode>/.exec(answer.body)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** The login names of a POX answer, each once. */
export function loginNamesOf(answer: Answer): readonly string[] {
  return [
    ...new Set([...answer.body.matchAll(/<LoginName>(.*)<\/LoginName>/g)].map((match) => match[1] ?? "")),
  ];
}
