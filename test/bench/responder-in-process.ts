/** The handler without any server, in this process: prints the microseconds of CPU that one request takes, as JSON. */
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { answer } from "../../src/responder/answer.ts";
import type { ResponderRequest } from "../../src/responder/exchange.ts";
import { respond } from "../../src/responder/respond.ts";
import { poxRequest } from "../responder/memory-responder.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { benchDomain } from "./bench-domain.ts";
import { KINDS, type Kind } from "./responder-requests.ts";

const ROUNDS = 5;
const REQUESTS = 10_000;

const domain = benchDomain(0);
const settings = deriveClientSettings(sampleDomain({ domain, mailServer: { host: `mail.${domain}` } }));
const options = { tenants: async (): Promise<typeof settings> => settings, now: () => new Date() };
const body = new TextEncoder().encode(poxRequest(`alice@${domain}`));

const urls: Readonly<Record<Kind, URL>> = {
  GET: new URL(`https://autoconfig.${domain}/mail/config-v1.1.xml`),
  POST: new URL(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`),
};
const plain = async (kind: Kind): Promise<unknown> => {
  const { hostname: host, pathname: path } = urls[kind];
  const request: ResponderRequest = {
    method: kind,
    isHttps: true,
    host,
    path,
    search: "",
    header: () => undefined,
    readBody: async () => body,
  };
  return answer(request, options);
};
const web = async (kind: Kind): Promise<unknown> => {
  const response = await respond(
    new Request(urls[kind], { method: kind, ...(kind === "POST" ? { body } : {}) }),
    options,
  );
  return response.text();
};

const result = {
  plain: { GET: await measure(() => plain("GET")), POST: await measure(() => plain("POST")) },
  web: { GET: await measure(() => web("GET")), POST: await measure(() => web("POST")) },
} satisfies Record<string, Record<(typeof KINDS)[number], number>>;
process.send?.(result);

async function measure(run: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let request = 0; request < REQUESTS; request += 1) await run();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / REQUESTS);
  }
  return Math.min(...rounds);
}
