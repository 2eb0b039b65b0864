import * as fc from "fast-check";
import type { UsernameForm } from "../../src/spec/mail-domain.ts";
import { CLIENT_REQUESTS, type ClientRequest } from "../responder/client-requests.ts";

export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** The length of the body is told before it, as HTTP/1.1 clients do; otherwise it is a stream. */
  readonly saysLength: boolean;
  /** What the domain that is asked takes for a user name. */
  readonly username: UsernameForm;
}

/** Stand in inputs with a character between them that has to be escaped; so joined, they must not stand in any output. */
export const CANARY = "zq0zq";
export const CANARY_END = "zq1zq";

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "PROPFIND",
  "REPORT",
  "X-OTHER",
] as const;
const HOSTS = [
  "example.com",
  "autoconfig.example.com",
  "autodiscover.example.com",
  "ua-auto-config.example.com",
  "mta-sts.example.com",
  "autoconfig.autoconfig.example.com",
  "autoconfig.example.com.",
  "AUTOCONFIG.EXAMPLE.COM:8443",
  "autoconfig.example.org",
  "script.account.workers.dev",
  "localhost",
  "[2001:db8::1]",
  "203.0.113.80",
  "autoconfig.xn--bcher-kva.example",
  `autoconfig.${"a.".repeat(120)}test`,
] as const;

/** Texts that parsers, escapes and paths have stumbled over. */
const TEXTS = [
  `${CANARY}<${CANARY_END}>`,
  `${CANARY}"${CANARY_END}`,
  `${CANARY}'${CANARY_END}`,
  `${CANARY}&amp;lt;${CANARY_END}`,
  `${CANARY}&lt;${CANARY_END}&gt;`,
  `${CANARY}&#34;${CANARY_END}`,
  `<![CDATA[${CANARY}'${CANARY_END}]]>`,
  `%3Cscript%3E${CANARY}`,
  `</EMailAddress>`,
  `<!DOCTYPE a [<!ENTITY x "${CANARY}">]>`,
  `&x;`,
  `<!--`,
  `-->`,
  `]]>`,
  `<a>`,
  `</a>`,
  `<?x`,
  `=`,
  `"`,
  `&#0;`,
  `&#xD800;`,
  `&#x110000;`,
  `\u0000`,
  `\uFEFF`,
  `\uE000@\uE001`,
  `\u202E`,
  `@`,
  `%`,
  `%00`,
  `%2e%2e/`,
  `../`,
  `//`,
  `?`,
  `#`,
  `;`,
  `__proto__`,
  `constructor`,
  "a".repeat(300),
  " ".repeat(2000),
  "<a ".repeat(500),
  "&".repeat(1000),
  "\r\n",
] as const;

/** Values for the fields that answers repeat: well spelled, they get where a random edit of the text seldom leads. */
const FIELDS = [
  `${CANARY}<${CANARY_END}`,
  `${CANARY}"${CANARY_END}`,
  `${CANARY}'${CANARY_END}`,
  `${CANARY}&${CANARY_END}`,
  `${CANARY}&lt;${CANARY_END}`,
  `${CANARY}]]>${CANARY_END}`,
  `${CANARY}\u0080@\u0081${CANARY_END}`,
  `${CANARY}%E0%A4${CANARY_END}`,
  `${CANARY}+tag`,
  "ålice",
  "",
] as const;

/** Requests that no client in the table sends: the address in the path, and hosts of no domain. */
const MORE_REQUESTS: readonly ClientRequest[] = CLIENT_REQUESTS.flatMap((request) => {
  const url = new URL(request.url);
  if (!/^\/autodiscover\//i.test(url.pathname)) return [];
  url.hostname = "script.account.workers.dev";
  const { body: _, ...bare } = request;
  const inPath = `${url.origin}/autodiscover/autodiscover.json/v1.0/alice@example.com?Protocol=AutodiscoverV1`;
  return [
    { ...request, url: url.href },
    { ...bare, method: "GET", url: inPath },
  ];
});

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.emailAddress() },
);
/** A place in a text, as a share of its length. */
const place = fc.nat(1000);
const edit = fc.record({
  kind: fc.constantFrom("insert", "insert", "insert", "replace", "cut", "repeat"),
  at: place,
  length: fc.nat(40),
  text,
});
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

function applyEdits(former: string, edits: readonly Edit[]): string {
  return edits.reduce((now, { kind, at, length, text }) => {
    const start = Math.floor((now.length * at) / 1000);
    const [before, rest] = [now.slice(0, start), now.slice(start)];
    if (kind === "insert") return before + text + rest;
    if (kind === "replace") return before + text + rest.slice(length);
    return kind === "cut" ? before + rest.slice(length) : before + rest.slice(0, length).repeat(8) + rest;
  }, former);
}

const headers = fc.dictionary(
  fc.constantFrom(
    "authorization",
    "if-none-match",
    "content-type",
    "accept",
    "accept-language",
    "user-agent",
    "host",
  ),
  fc.oneof(
    fc.stringMatching(/^[\x21-\x7e]{0,30}$/),
    fc.constantFrom("text/plain", "text/html", "de, *;q=0.1", "*", `"${CANARY}`, "Basic YQ==", `W/"x", "y"`),
  ),
  { maxKeys: 3 },
);
const edits = fc.array(edit, { maxLength: 3 });

/** A value once in `n` requests, null in the others. */
function seldom<T>(n: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: n - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const field = fc.record({ value: fc.constantFrom(...FIELDS), isSpelled: fc.boolean() });
type Field = typeof field extends fc.Arbitrary<infer Value> ? Value : never;

/** Puts a value in place of what the pattern finds, spelled as its surroundings want it, or as it is. */
function setField(
  where: string,
  pattern: RegExp,
  set: Field | null,
  spell: (text: string) => string,
): string {
  if (set === null) return where;
  return where.replace(pattern, () => (set.isSpelled ? spell(set.value) : set.value));
}

function spellXml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

/** A request of a client that was damaged in some of its parts; unedited ones come, too. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .record({
    origin: fc.constantFrom(...CLIENT_REQUESTS, ...MORE_REQUESTS),
    person: seldom(3, field),
    protocol: seldom(3, field),
    method: seldom(4, fc.constantFrom(...METHODS)),
    scheme: fc.constantFrom("https", "https", "https", "http"),
    host: seldom(4, fc.constantFrom(...HOSTS)),
    target: seldom(3, edits),
    query: seldom(3, text),
    body: edits,
    bytes: seldom(100, fc.uint8Array({ maxLength: 9000, size: "max" })),
    headers,
    saysLength: fc.boolean(),
    username: fc.constantFrom<UsernameForm>("address", "localPart"),
  })
  .map((made) => {
    const { origin } = made;
    const url = new URL(origin.url);
    const inUrl = setField(url.pathname + url.search, /alice/g, made.person, encodeURIComponent);
    const asked = setField(inUrl, /(?<=Protocol=)\w+/, made.protocol, encodeURIComponent);
    const target = applyEdits(asked, made.target ?? []);
    const query =
      made.query === null ? "" : `${target.includes("?") ? "&" : "?"}Email=${made.query}@example.com`;
    const method = made.method ?? origin.method;
    const said = setField(origin.body ?? "", /alice/g, made.person, spellXml);
    const body = made.bytes ?? new TextEncoder().encode(applyEdits(said, made.body));
    return {
      method,
      url: `${made.scheme}://${made.host ?? url.host}${target.startsWith("/") ? "" : "/"}${target}${query}`,
      headers: { ...origin.headers, ...made.headers },
      body: method === "GET" || method === "HEAD" ? undefined : body,
      saysLength: made.saysLength,
      username: made.username,
    };
  });
