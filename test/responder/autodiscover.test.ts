import { expect, test } from "vitest";
import {
  ask,
  AUTODISCOVER,
  errorCodeOf,
  loginNamesOf,
  post,
  poxRequest,
  WORKERS_DEV,
} from "./memory-responder.ts";

const request = poxRequest("alice@example.com");

test("row 4: autodiscover answers a POST with the settings and the address as login name, uncached", async () => {
  const answer = await post(request, { headers: { "content-type": "text/xml" } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(loginNamesOf(answer)).toEqual(["alice@example.com"]);
});

test.each([
  "/autodiscover/autodiscover.xml",
  "/Autodiscover/Autodiscover.xml",
  "/AutoDiscover/AutoDiscover.xml",
  "/AUTODISCOVER/AUTODISCOVER.XML",
])("row 4: the path is taken in any letter case: %s", async (path) => {
  for (const host of ["autodiscover.example.com", "example.com"]) {
    expect(loginNamesOf(await post(request, {}, `https://${host}${path}`))).toEqual(["alice@example.com"]);
  }
});

test.each([
  undefined,
  "text/xml",
  "text/xml; charset=utf-8",
  "application/xml",
  "application/json",
  "application/x-www-form-urlencoded",
  "x",
])("row 4: the request's content type does not matter: %s", async (type) => {
  const headers = type === undefined ? {} : { "content-type": type };
  expect(loginNamesOf(await post(request, { headers }))).toEqual(["alice@example.com"]);
});

test("row 5: autodiscover answers GET with the settings without LoginName and User", async () => {
  const answer = await ask(AUTODISCOVER);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
  expect(answer.body).toContain("<Server>mail.example.com</Server>");
  expect(answer.body).not.toMatch(/LoginName|<User>/);
  expect(await ask(AUTODISCOVER, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
});

test("row 6: over plain HTTP, autodiscover redirects to its one https URL with 302, for any method", async () => {
  for (const method of ["GET", "HEAD", "POST"]) {
    const url = "http://autodiscover.example.com/AutoDiscover/AutoDiscover.xml?x=1";
    const answer = await ask(url, { method, body: method === "POST" ? request : null });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe(AUTODISCOVER);
  }
});

test("OPTIONS names GET, HEAD and POST; another method is refused with them", async () => {
  expect((await ask(AUTODISCOVER, { method: "OPTIONS" })).headers.get("allow")).toBe(
    "GET, HEAD, POST, OPTIONS",
  );
  const answer = await ask(AUTODISCOVER, { method: "DELETE" });
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
});

test("the local part is the login name where the domain says so", async () => {
  const url = "https://autodiscover.example.net/autodiscover/autodiscover.xml";
  expect(loginNamesOf(await post(poxRequest("alice@example.net"), {}, url))).toEqual(["alice"]);
});

test("every local part gets the same answer, but for itself", async () => {
  const answers = await Promise.all(
    ["alice", "nobody", "x.y+z", "postmaster"].map(async (local) => {
      const { status, body } = await post(poxRequest(`${local}@example.com`));
      return `${String(status)} ${body.replaceAll(`${local}@`, "LOCAL@")}`;
    }),
  );
  expect(new Set(answers).size).toBe(1);
});

test("an address is never reflected unescaped", async () => {
  const odd = `a&#38;b'c"d@example.com`;
  const answer = await post(poxRequest(odd));
  expect(loginNamesOf(answer)).toEqual(["a&#38;b&#39;c&#34;d@example.com"]);
  for (const address of ["&lt;b&gt;@example.com", "<![CDATA[<script>@example.com]]>", "&#60;x@example.com"]) {
    const refused = await post(poxRequest(address));
    expect(errorCodeOf(refused)).toBe(500);
    expect(refused.body).not.toMatch(/<b>|<script>|<x@|&lt;|&#60;/);
  }
});

test("an escape of the request stands for its character: numeric and named", async () => {
  for (const address of [
    "o&apos;neil@example.com",
    "o&#39;neil@example.com",
    "o&#x27;neil@example.com",
    "o'neil@example.com",
  ]) {
    expect(loginNamesOf(await post(poxRequest(address)))).toEqual(["o&#39;neil@example.com"]);
  }
});

test("a foreign domain is error 500 with status 200", async () => {
  for (const address of ["alice@example.org", "alice@sub.example.com", "alice", "@example.com", "alice@"]) {
    const answer = await post(poxRequest(address));
    expect([answer.status, errorCodeOf(answer)]).toEqual([200, 500]);
  }
});

test("the host of one tenant never answers for another", async () => {
  const foreign = await post(poxRequest("alice@example.net"));
  expect(errorCodeOf(foreign)).toBe(500);
  expect(foreign.body).not.toContain("mail.example");
});

test("a host of no tenant, such as workers.dev, answers by the address, and without one not at all", async () => {
  expect(loginNamesOf(await post(poxRequest("alice@example.com"), {}, WORKERS_DEV))).toEqual([
    "alice@example.com",
  ]);
  expect(loginNamesOf(await post(poxRequest("alice@example.net"), {}, WORKERS_DEV))).toEqual(["alice"]);
  expect(errorCodeOf(await post(poxRequest("alice@example.org"), {}, WORKERS_DEV))).toBe(500);
  expect((await ask(WORKERS_DEV)).status).toBe(404);
});

test("the domain of an address is compared in A-labels, without case", async () => {
  const url = "https://autodiscover.xn--bcher-kva.example/autodiscover/autodiscover.xml";
  for (const domain of ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"]) {
    expect(errorCodeOf(await post(poxRequest(`alice@${domain}`), {}, url))).toBeUndefined();
  }
  expect(loginNamesOf(await post(poxRequest("Alice@EXAMPLE.com")))).toEqual(["Alice@EXAMPLE.com"]);
});

test("an answer for ActiveSync is error 601, as is one for any other schema", async () => {
  const mobilesync = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";
  for (const schema of [mobilesync, "x"]) {
    const answer = await post(poxRequest("alice@example.com", schema));
    expect([answer.status, errorCodeOf(answer)]).toEqual([200, 601]);
  }
});

test("an error tells the time of day and nothing of the request", async () => {
  const answer = await post(poxRequest("secret@example.org"));
  expect(answer.body).toContain('<Error Time="10:20:30.1230000"');
  expect(answer.body).not.toMatch(/secret|example\.org/);
  expect(answer.headers.get("content-type")).toBe("text/xml; charset=utf-8");
});
