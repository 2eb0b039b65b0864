/** The responder behind `@hono/node-server`, to compare `serve`'s own adapter with. Argument: the port. */
import { createAdaptorServer } from "@hono/node-server";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { respond } from "../../src/responder/respond.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { benchDomain } from "./bench-domain.ts";

const domain = benchDomain(0);
const settings = deriveClientSettings(sampleDomain({ domain, mailServer: { host: `mail.${domain}` } }));
const options = {
  tenants: async (name: string): Promise<typeof settings | undefined> =>
    name === domain ? settings : undefined,
  now: () => new Date(),
};
createAdaptorServer({ fetch: (request) => respond(asHttps(request), options) }).listen(
  Number(process.argv[2]),
  "127.0.0.1",
);

/** The adapter's own request, but for the scheme that a proxy in front would have ended. */
function asHttps(request: Request): Request {
  const { method, headers, url } = request;
  return {
    method,
    headers,
    url: url.replace("http:", "https:"),
    arrayBuffer: () => request.arrayBuffer(),
    text: () => request.text(),
  } as Request;
}
