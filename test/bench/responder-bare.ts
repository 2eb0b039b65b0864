/** `node:http` with a small template and nothing else: what a request costs in Node at the least. Argument: the port. */
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { MINIMAL_TEMPLATE } from "./responder-minimal.ts";

createServer((request, response) => {
  if (request.method === "GET") {
    send(response, (request.headers.host ?? "").replace("autoconfig.", ""));
    return;
  }
  void text(request).then((body) => {
    send(response, /<EMailAddress>[^@<]*@([^<]*)/.exec(body)?.[1] ?? "");
  });
}).listen(Number(process.argv[2]), "127.0.0.1");

function send(response: ServerResponse, domain: string): void {
  const document = MINIMAL_TEMPLATE.replaceAll("DOMAIN", domain);
  response.writeHead(200, { "content-type": "text/xml", "content-length": document.length });
  response.end(document);
}
