import { expect, test } from "vitest";
import { parseAutoconfig, portOf } from "../../../src/clients/parsers/autoconfig-document.ts";
import { parsePox } from "../../../src/clients/parsers/pox-document.ts";
import { parseXmlTree, textOf } from "../../../src/clients/parsers/xml-tree.ts";
import { renderAutoconfigXml } from "../../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../../src/documents/autodiscover-pox.ts";
import { deriveClientSettings, hasServers } from "../../../src/documents/client-settings.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

test("texts are kept as written: white space counts, references are resolved, a byte order mark does not", () => {
  const root = parseXmlTree(
    `\uFEFF<?xml version="1.0"?><a x="1"><port> 993 </port><name>A&amp;B &#39;C&#39;</name></a>`,
  );
  expect(root?.attributes).toEqual({ x: "1" });
  expect(textOf(root, "port")).toBe(" 993 ");
  expect(textOf(root, "name")).toBe("A&B 'C'");
  expect(textOf(root, "absent")).toBeUndefined();
});

test.each(["", "plain text", "<a><b></a></b>", "<a/><b/>", "<html><br></html>", "{}"])(
  "%j is no document",
  (text) => {
    expect(parseXmlTree(text)).toBeUndefined();
  },
);

test("the servers of both formats are read in document order, with everything that clients judge", () => {
  const settings = deriveClientSettings(sampleDomain({ mailServer: { pop3: {} } }));
  if (!hasServers(settings)) throw new Error("The sample has servers.");
  const autoconfig = parseAutoconfig(renderAutoconfigXml(settings));
  expect(autoconfig).toMatchObject({ providerId: "example.com", domains: ["example.com"] });
  expect(autoconfig?.incoming.map(({ type, port }) => `${type} ${port}`)).toEqual(["imap 993", "pop3 995"]);
  expect(autoconfig?.outgoing).toMatchObject([
    { hostname: "mail.example.com", socketTypes: ["SSL"], authentications: ["password-cleartext"] },
  ]);
  const pox = parsePox(renderAutodiscoverPox(settings, "alice@example.com"));
  expect(pox).toMatchObject({ accountType: "email", action: "settings" });
  expect(pox?.protocols.map(({ type, encryption, spa }) => [type, encryption, spa])).toEqual([
    ["IMAP", "SSL", "off"],
    ["POP3", "SSL", "off"],
    ["SMTP", "SSL", "off"],
  ]);
});

test("another root is another document", () => {
  expect(parseAutoconfig("<clientConfig/>")).toBeUndefined();
  expect(parseAutoconfig("<html><emailProvider/></html>")).toBeUndefined();
  expect(parsePox("<Autodiscover/>")).toBeUndefined();
});

test("a port is 1 to 65535 in decimal digits alone", () => {
  expect(["993", " 993", "0", "65535", "65536", "9e2", "", undefined].map(portOf)).toEqual([
    993,
    undefined,
    undefined,
    65_535,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
