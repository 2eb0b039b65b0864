import assert from "node:assert/strict";
import { XMLValidator } from "fast-xml-parser";
import { CANARY, CANARY_END, type FuzzRequest } from "./fuzz-request.ts";

const STATUSES = new Set([200, 301, 302, 304, 400, 404, 405]);
const UNESCAPED = new RegExp(`${CANARY}[<>"']${CANARY_END}|<script`);
const LEFT_IN_LOCATION = new RegExp(`${CANARY}[<>"]|[\\r\\n]`);

/** Throws where an answer is one that must never be given, whatever was asked. */
export function checkAnswer(request: FuzzRequest, response: Response, body: string): void {
  const header = (name: string): string => response.headers.get(name) ?? "";
  const url = new URL(request.url);
  assert.ok(STATUSES.has(response.status), `status ${response.status}`);
  assert.equal(response.headers.has("www-authenticate"), false, "it asks for credentials");
  assert.equal(response.headers.has("set-cookie"), false, "it sets a cookie");
  assert.doesNotMatch(header("location"), LEFT_IN_LOCATION);
  if (header("location") !== "") {
    const { protocol } = new URL(header("location"));
    assert.equal(protocol, "https:", "it leads away from https");
  }
  const type = header("content-type");
  if (type.startsWith("text/html")) {
    const isPage = url.pathname === "/" && url.hostname.replace(/\.$/, "") === "autoconfig.example.com";
    assert.ok(isPage, "a document path is HTML");
    assert.match(header("content-security-policy"), /default-src 'none'/);
    assert.ok(!body.includes(CANARY), "the page repeats the request");
    return;
  }
  assert.doesNotMatch(body, UNESCAPED);
  if (type.startsWith("text/xml") && body !== "")
    assert.equal(XMLValidator.validate(body), true, "the XML is broken");
  if (type.startsWith("application/json") && body !== "") JSON.parse(body);
  assert.ok(
    response.status !== 200 || ["HEAD", "OPTIONS"].includes(request.method) || body !== "",
    "a 200 without a body",
  );
}
