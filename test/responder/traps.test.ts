/**
 * What other implementations got wrong, one test each: clients in use fail on every one of these. Traps that are not the
 * responder's are in test/certificates (11), test/dns (12, 16, 17) and test/documents (13).
 */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { derivePacc } from "../../src/dns/derive-pacc.ts";
import { respond } from "../../src/responder/respond.ts";
import { DISCOVERY_LABELS } from "../../src/spec/discovery-labels.ts";
import { replayDomain } from "./replay-domain.ts";
import { ask, AUTOCONFIG, AUTODISCOVER, loginNamesOf, NOW, post, poxRequest } from "./memory-responder.ts";

const settings = deriveClientSettings(replayDomain());

const wholeTenants = async (domain: string): Promise<typeof settings | undefined> =>
  domain === "example.com" ? settings : undefined;

/** Asks the responder of a domain that has every document. */
async function askWhole(url: string): Promise<{ response: Response; body: string }> {
  const response = await respond(new Request(url), { tenants: wholeTenants, now: () => NOW });
  return { response, body: await response.text() };
}

test("trap 1: autoconfig without emailaddress is answered, and names the address by the one placeholder all clients know", async () => {
  const { status, body } = await ask(AUTOCONFIG);
  expect(status).toBe(200);
  expect(new Set(body.match(/%[A-Z]+%/g))).toEqual(new Set(["%EMAILADDRESS%"]));
});

test("trap 2: an unknown domain is 404, never a 204 that counts as success", async () => {
  for (const url of [AUTOCONFIG, AUTODISCOVER]) {
    expect((await ask(url.replace("example.com", "example.org"))).status).toBe(404);
  }
});

test("trap 3: POX says Encryption SSL on implicit TLS ports, SPA off, and SSL on or off", async () => {
  const { body } = await post(poxRequest("alice@example.com"));
  const protocols = body.match(/<Protocol>[^]*?<\/Protocol>/g) ?? [];
  expect(protocols.length).toBeGreaterThan(1);
  for (const protocol of protocols) {
    expect(protocol).toMatch(/<Port>(993|995|465)<\/Port>/);
    expect(protocol).toContain("<SPA>off</SPA>");
    expect(protocol).toContain("<SSL>on</SSL>");
    expect(protocol).toContain("<Encryption>SSL</Encryption>");
  }
});

test("trap 4: POX announces STARTTLS with SSL on and Encryption TLS, not as plain", async () => {
  const url = "https://autodiscover.starttls.example/autodiscover/autodiscover.xml";
  const protocols = (await ask(url)).body.match(/<Protocol>[^]*?<\/Protocol>/g) ?? [];
  const starttls = protocols.filter((protocol) => /<Port>(143|587|110)<\/Port>/.test(protocol));
  expect(starttls).not.toEqual([]);
  for (const protocol of starttls) {
    expect(protocol).toContain("<SSL>on</SSL>");
    expect(protocol).toContain("<Encryption>TLS</Encryption>");
  }
});

test("trap 5: autoconfig echoes no address, encoded or not", async () => {
  const { body } = await ask(`${AUTOCONFIG}?emailaddress=alice%40example.com`);
  expect(body).not.toMatch(/alice|%40/);
});

test("trap 6: neither the content type nor the case of an autodiscover path decides", async () => {
  for (const path of ["/AutoDiscover/AutoDiscover.xml", "/Autodiscover/autodiscover.XML"]) {
    const init = { headers: { "content-type": "text/plain" } };
    const answer = await post(
      poxRequest("alice@example.com"),
      init,
      `https://autodiscover.example.com${path}`,
    );
    expect(loginNamesOf(answer)).toEqual(["alice@example.com"]);
  }
  const answer = await ask(
    "https://autodiscover.example.com/AutoDiscover/AutoDiscover.json?PROTOCOL=AutodiscoverV1",
  );
  expect(answer.status).toBe(200);
});

test("trap 7: POX is never 401, whatever it lacks or carries", async () => {
  for (const authorization of [undefined, "Basic YWxpY2U6eA==", "Bearer x"]) {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await post(poxRequest("alice@example.com"), { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.has("www-authenticate")).toBe(false);
  }
});

test("trap 8: autoconfig has socket types of the schema only, and one IMAP block, which comes first", async () => {
  const { body } = await askWhole(AUTOCONFIG);
  const types = [...body.matchAll(/<socketType>(.*?)<\/socketType>/g)].map((match) => match[1]);
  expect(types.length).toBeGreaterThan(2);
  for (const type of types) expect(type).toMatch(/^(SSL|STARTTLS)$/);
  const incoming = [...body.matchAll(/<incomingServer type="(\w+)"/g)].map((match) => match[1]);
  expect(incoming).toEqual(["imap", "pop3", "jmap"]);
});

test("trap 9: XML is served as XML, and a well-known path that is none of ours is 404", async () => {
  for (const url of [AUTOCONFIG, AUTODISCOVER]) {
    expect((await ask(url)).headers.get("content-type")).toBe("text/xml; charset=utf-8");
  }
  for (const host of ["example.com", "autoconfig.example.com", "any.example.com"]) {
    expect((await ask(`https://${host}/.well-known/security.txt`)).status).toBe(404);
  }
});

test("trap 10: the namespaces of POX are http://, as its readers compare them", async () => {
  const { body } = await post(poxRequest("alice@example.com"));
  const namespaces = [...body.matchAll(/xmlns="(.*?)"/g)].map((match) => match[1]);
  expect(namespaces).toEqual([
    "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006",
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a",
  ]);
});

test("trap 14: the PACC bytes that are served are those whose digest is published", async () => {
  const { response, body } = await askWhole(
    "https://ua-auto-config.example.com/.well-known/user-agent-configuration.json",
  );
  expect(response.status).toBe(200);
  const digest = createHash("sha256").update(body).digest("base64");
  expect(derivePacc(replayDomain()).map(({ text }) => text)).toEqual([`v=UAAC1; a=sha256; d=${digest}`]);
});

test("trap 15: the MTA-STS policy is behind no redirect at its own name", async () => {
  const { response, body } = await askWhole("https://mta-sts.example.com/.well-known/mta-sts.txt");
  expect(response.status).toBe(200);
  expect(body).toContain("mode: testing");
});

test("trap 16: no discovery name serves a page at a document path, and /mail and mail. are nobody's site here", async () => {
  const hosts = [...DISCOVERY_LABELS, "mail", "www"].map((label) => `${label}.example.com`);
  const paths = [
    "/mail",
    "/mail/",
    "/mail/config-v1.1.xml",
    "/mail/?_task=login",
    "/.well-known/autoconfig/mail/config-v1.1.xml",
    "/.well-known/mta-sts.txt",
    "/.well-known/user-agent-configuration.json",
    "/autodiscover/autodiscover.xml",
    "/autodiscover/autodiscover.json?Protocol=AutodiscoverV1",
  ];
  const headers = { accept: "text/html,application/xhtml+xml" };
  const documents = new Set<string>();
  for (const host of ["example.com", ...hosts]) {
    for (const path of paths) {
      const response = await askBrowser(`https://${host}${path}`);
      const type = response.headers.get("content-type") ?? "";
      expect(type).not.toContain("html");
      expect(await response.text()).not.toMatch(/<html|<!doctype/i);
      documents.add(`${response.status} ${type.split(";")[0]} ${response.status === 200 ? path : ""}`.trim());
    }
  }
  // The same requests do find the documents where those belong; everywhere else there is a short text.
  expect([...documents].toSorted()).toEqual([
    "200 application/json /.well-known/user-agent-configuration.json",
    "200 application/json /autodiscover/autodiscover.json?Protocol=AutodiscoverV1",
    "200 text/plain /.well-known/mta-sts.txt",
    "200 text/xml /.well-known/autoconfig/mail/config-v1.1.xml",
    "200 text/xml /autodiscover/autodiscover.xml",
    "200 text/xml /mail/config-v1.1.xml",
    "404 text/plain",
  ]);
  // The page for people is at one root, which is no document path, and at no other name.
  for (const host of ["example.com", ...hosts]) {
    const { status } = await askBrowser(`https://${host}/`);
    expect(status).toBe(host === "autoconfig.example.com" ? 200 : 404);
  }

  async function askBrowser(url: string): Promise<Response> {
    return respond(new Request(url, { headers }), { tenants: wholeTenants, now: () => NOW });
  }
});
