import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  readAutoconfig,
  readAutodiscoverPox,
  type FoundServer,
} from "../../../src/clients/parsers/found-settings.ts";
import { renderAutoconfigXml } from "../../../src/documents/autoconfig-xml.ts";
import {
  POX_ERROR,
  renderAutodiscoverPox,
  renderAutodiscoverPoxError,
} from "../../../src/documents/autodiscover-pox.ts";
import { serverSettings } from "../../documents/server-settings.ts";
import { anyDomain, sampleDomain } from "../../spec/sample-domain.ts";

const settings = serverSettings(sampleDomain({ mailServer: { pop3: {} } }));
const autoconfig = renderAutoconfigXml(settings);
const pox = renderAutodiscoverPox(settings, "alice@example.com");

function found(username: string): readonly FoundServer[] {
  const base = { host: "mail.example.com", tls: "implicit", username } as const;
  return [
    { protocol: "imap", port: 993, ...base },
    { protocol: "pop3", port: 995, ...base },
    { protocol: "submission", port: 465, ...base },
  ];
}

/** The text with every `from` replaced; fails where there is none, so that a trap is really set. */
function trap(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replaceAll(from, to);
}

test("our autoconfig document is accepted, with the servers that it was made of", () => {
  expect(readAutoconfig(autoconfig)).toEqual(found("%EMAILADDRESS%"));
});

test("our autodiscover document is accepted, with and without an address", () => {
  expect(readAutodiscoverPox(pox)).toEqual(found("alice@example.com"));
  expect(readAutodiscoverPox(renderAutodiscoverPox(settings, undefined))).toEqual(found(""));
  const odd = renderAutodiscoverPox(settings, "o'neil&sons@example.com");
  expect(readAutodiscoverPox(odd)).toEqual(found("o'neil&sons@example.com"));
});

test("any domain with TLS is understood from both documents as its settings say", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const derived = serverSettings(domain);
      const endpoints = [derived.imap, derived.pop3, derived.submission].filter(
        (endpoint) => endpoint !== undefined,
      );
      const places = (servers: readonly FoundServer[] | undefined): unknown =>
        servers?.map(({ host, port, tls }) => ({ host, port, tls }));
      expect(places(readAutodiscoverPox(renderAutodiscoverPox(derived, undefined)))).toEqual(endpoints);
      const isPlain = derived.imap?.tls === "plain" || derived.submission.tls === "plain";
      expect(places(readAutoconfig(renderAutoconfigXml(derived)))).toEqual(isPlain ? undefined : endpoints);
    }),
  );
});

test.each([
  ["plain", "<socketType>SSL</socketType>", "<socketType>plain</socketType>"],
  ["`none`", "<socketType>SSL</socketType>", "<socketType>none</socketType>"],
  ["`tls`", "<socketType>SSL</socketType>", "<socketType>tls</socketType>"],
  ["no socket type", "<socketType>SSL</socketType>", ""],
  ["no host name", "<hostname>mail.example.com</hostname>", ""],
  ["no port", "<port>993</port>", ""],
  ["a port with white space, which K-9 does not trim", "<port>993</port>", "<port> 993 </port>"],
  ["no user name", "<username>%EMAILADDRESS%</username>", ""],
  ["no authentication", "<authentication>password-cleartext</authentication>", ""],
  ["no domain", "<domain>example.com</domain>", ""],
  ["no provider id", ' id="example.com"', ""],
  ["a cut document", "</emailProvider>", ""],
])("autoconfig is refused as a whole for one server with %s", (_, from, to) => {
  expect(readAutoconfig(trap(autoconfig, from, to))).toBeUndefined();
});

test("one bad server of two refuses the whole autoconfig document", () => {
  const [before, ...rest] = autoconfig.split("<socketType>SSL</socketType>");
  const onlyFirst = `${before ?? ""}<socketType>plain</socketType>${rest.join("<socketType>SSL</socketType>")}`;
  expect(readAutoconfig(onlyFirst)).toBeUndefined();
});

test("autoconfig servers of other types are skipped untouched", () => {
  const ews = '<incomingServer type="ews"><hostname>x</hostname></incomingServer>';
  expect(readAutoconfig(trap(autoconfig, "<outgoingServer ", `${ews}<outgoingServer `))).toEqual(
    found("%EMAILADDRESS%"),
  );
});

test.each([
  ["no SPA, which is on then", "<SPA>off</SPA>", ""],
  ["SPA on", "<SPA>off</SPA>", "<SPA>on</SPA>"],
  ["SSL yes", "<SSL>on</SSL>", "<SSL>yes</SSL>"],
  ["SSL off beside Encryption SSL", "<SSL>on</SSL>", "<SSL>off</SSL>"],
  ["no Encryption", "<Encryption>SSL</Encryption>", ""],
  ["Encryption in lower case", "<Encryption>SSL</Encryption>", "<Encryption>ssl</Encryption>"],
  ["a type in lower case", "<Type>IMAP</Type>", "<Type>imap</Type>"],
  ["no server", "<Server>mail.example.com</Server>", ""],
  ["another account type", "<AccountType>email</AccountType>", "<AccountType>MSExchange</AccountType>"],
  ["another action", "<Action>settings</Action>", "<Action>redirectUrl</Action>"],
  ["the https:// namespaces of Microsoft's samples", "http://schemas", "https://schemas"],
])("autodiscover is refused for %s", (_, from, to) => {
  expect(readAutodiscoverPox(trap(pox, from, to))).toBeUndefined();
});

test("`TLS` on an implicit TLS port is read as STARTTLS there, as Outlook does", () => {
  const servers = readAutodiscoverPox(
    trap(pox, "<Encryption>SSL</Encryption>", "<Encryption>TLS</Encryption>"),
  );
  expect(servers?.[0]).toMatchObject({ port: 993, tls: "starttls" });
});

test.each([
  "",
  "Not found\n",
  "<html><body>Welcome</body></html>",
  "{}",
  "<clientConfig/>",
  "<Autodiscover/>",
  "<a>".repeat(500),
])("what is no such document is refused without an exception: %j", (text) => {
  expect(readAutoconfig(text)).toBeUndefined();
  expect(readAutodiscoverPox(text)).toBeUndefined();
});

test("an error response is no settings", () => {
  expect(
    readAutodiscoverPox(renderAutodiscoverPoxError(POX_ERROR.invalidRequest, new Date(0))),
  ).toBeUndefined();
});

test("no text makes a reader throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat({ max: autoconfig.length }), (text, at) => {
      for (const document of [autoconfig, pox, ""]) {
        const broken = document.slice(0, at) + text + document.slice(at + 3);
        readAutoconfig(broken);
        readAutodiscoverPox(broken);
      }
    }),
    { numRuns: 300 },
  );
});
