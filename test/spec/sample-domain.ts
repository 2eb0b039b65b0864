/** Mail domains for tests, through the real parser: a test cannot use a domain that an operator could not write. */
import * as fc from "fast-check";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { renderSpecIssues } from "../../src/spec/spec-issue.ts";

/** Keys of a domain file. */
export interface SampleInput {
  readonly mailServer?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** `example.com` with its mail server `mail.example.com` at two addresses, changed by `input`. */
export function sampleDomain(input: SampleInput = {}): MailDomain {
  const { mailServer, ...rest } = input;
  const addresses = ["203.0.113.25", "2001:db8::25"];
  return parsed({
    domain: "example.com",
    mailServer: { host: "mail.example.com", addresses, ...mailServer },
    ...rest,
  });
}

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
const place = fc.record(
  {
    host: label.map((first) => `${first}.example.net`),
    // Registered ports are those that stand where a file names none.
    port: fc.integer({ min: 1024, max: 65_535 }),
    tls: fc.constantFrom("implicit", "starttls", "plain"),
  },
  { requiredKeys: [] },
);
const service = fc.uniqueArray(place, {
  minLength: 1,
  maxLength: 4,
  selector: (item) => `${item.host ?? ""} ${item.tls ?? "implicit"}`,
});

const httpsUrl = fc
  .tuple(label, fc.constantFrom("", "/", "/dav", "/dav/sub/"), fc.constantFrom("", ":8443"))
  .map(([first, path, port]) => `https://${first}.example.net${port}${path}`);
const exchangers = fc.uniqueArray(
  label.map((first) => ({ host: `mx-${first}.example.net` })),
  { minLength: 1, maxLength: 3, selector: ({ host }) => host },
);
/** An RSA key of 2,048 bits has 294 octets, the first of them DER's SEQUENCE. */
const rsaKey = fc
  .uint8Array({ minLength: 293, maxLength: 293 })
  .map((rest) => Buffer.from([0x30, ...rest]).toString("base64"));
const dkimKey = fc.tuple(label, fc.oneof(rsaKey, fc.constant(undefined))).map(([selector, publicKey]) => ({
  selector,
  ...(publicKey === undefined ? { cname: `${selector}._domainkey.example.net` } : { publicKey }),
}));

/** What a file may say beside its server: any part of it, or nothing. */
const further = fc.record(
  {
    username: fc.constantFrom("address", "localPart"),
    webmail: httpsUrl,
    calDav: httpsUrl,
    cardDav: httpsUrl,
    jmap: httpsUrl,
    spf: fc.constantFrom(
      "v=spf1 mx -all",
      "v=spf1 include:_spf.example.net ~all",
      "v=spf1 redirect=example.net",
    ),
    dkim: fc.uniqueArray(dkimKey, { maxLength: 3, selector: ({ selector }) => selector }),
    dmarc: fc.constantFrom("v=DMARC1; p=none", "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"),
    tlsRpt: fc.uniqueArray(fc.constantFrom("mailto:tls@example.net", "https://example.net/tls"), {
      minLength: 1,
    }),
    caa: fc.oneof(
      fc.boolean(),
      fc.record(
        {
          issuers: fc.uniqueArray(fc.constantFrom("letsencrypt.org", "sectigo.com", "ca.example.net")),
          iodef: fc.constantFrom("mailto:caa@example.net", "https://example.net/caa"),
          bindAccount: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    ),
    languages: fc.uniqueArray(fc.constantFrom("en", "de", "zh"), { minLength: 1 }),
    help: fc.record(
      {
        url: httpsUrl,
        texts: fc.dictionary(
          fc.constantFrom("en", "de", "zh-Hant"),
          // White space alone is no text.
          fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== ""),
        ),
      },
      { requiredKeys: ["url"] },
    ),
    oauth2: fc.record(
      {
        issuer: httpsUrl,
        authUrl: httpsUrl,
        tokenUrl: httpsUrl,
        scopes: fc.constantFrom(["openid"], ["openid", "https://example.net/mail?a=1&b=2"]),
        clientId: fc.constantFrom("mail", "<mail & more>"),
      },
      { requiredKeys: ["issuer", "authUrl", "tokenUrl", "scopes"] },
    ),
    guessNames: fc.uniqueArray(fc.constantFrom("imap", "smtp", "mail", "pop", "pop3")),
    wildcard: fc.constantFrom("shadow", "forbid", "allow"),
  },
  { requiredKeys: [] },
);
const delivery = fc.oneof(
  fc.constant({}),
  fc.constant({ mx: false }),
  exchangers.map((mx) => ({ mx })),
  exchangers.map((mx) => ({ mx, mtaSts: { mode: "enforce" } })),
);

/** Any domain that the parser accepts, at the apex of its zone or below it. */
export const anyDomain: fc.Arbitrary<MailDomain> = fc
  .record({
    domain: label.map((first) => `${first}.example`),
    // The hyphen keeps it apart from the hosts of endpoints, so that no two of these are the same.
    host: fc
      .tuple(label, fc.constantFrom("example.net", "example", undefined))
      .map(([first, zone]) => ({ first: `mx-${first}`, zone })),
    addresses: fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
    imap: service,
    pop3: fc.oneof(fc.constant(false as const), service),
    submission: service,
    sieve: fc.boolean(),
    publish: fc.oneof(
      fc.constant({}),
      label.map((first) => ({ srvTarget: `${first}.example.net` })),
      label.map((first) => ({ origin: `${first}.example.net` })),
    ),
    delivery,
    further,
  })
  .map(({ domain, host, addresses, imap, pop3, submission, sieve, publish, delivery, further }) => ({
    domain,
    mailServer: {
      // Without a zone it lies within the domain itself.
      host: `${host.first}.${host.zone ?? domain}`,
      addresses,
      imap,
      pop3,
      submission,
      sieve,
      allowPlaintext: true,
    },
    publish,
    ...delivery,
    ...further,
  }))
  .map((input) => parsed(input));

// A filter would search for ever where the parser refused everything.
function parsed(input: unknown): MailDomain {
  const result = parseMailDomain(input);
  if (result.ok) return result.domain;
  throw new Error(renderSpecIssues(result.issues));
}
