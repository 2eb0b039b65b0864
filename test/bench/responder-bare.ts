/**
 * `node:http` with a small template and nothing else: what a request costs in Node at the least. Arguments: the port, and how
 * many domains it serves; without the latter it knows no domain, and believes any.
 */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { MINIMAL_TEMPLATE } from "./responder-minimal.ts";
import { benchDomain } from "./bench-domain.ts";

const [port, count] = process.argv.slice(2).map(Number);
const domains =
  count === undefined
    ? undefined
    : new Map(Array.from({ length: count }, (_, index) => [benchDomain(index), benchDomain(index)]));

createServer((request, response) => {
  if (request.method === "GET") {
    send(response, (request.headers.host ?? "").replace("autoconfig.", ""));
    return;
  }
  void text(request).then((body) => {
    send(response, /<EMailAddress>[^@<]*@([^<]*)/.exec(body)?.[1] ?? "");
  });
}).listen(port, "127.0.0.1");

function send(response: ServerResponse, asked: string): void {
  const domain = domains === undefined ? asked : domains.get(asked);
  if (domain === undefined) {
    response.writeHead(404).end();
    return;
  }
  const document = MINIMAL_TEMPLATE.replaceAll("DOMAIN", domain);
  response.writeHead(200, { "content-type": "text/xml", "content-length": document.length });
  response.end(document);
}
