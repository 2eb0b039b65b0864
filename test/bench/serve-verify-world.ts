/** A process of its own, so that what the servers compute is not taken for verify's; ends with its parent. */
import type { SecureContext } from "node:tls";
import { startDns } from "../../infra/sandbox/dns/start-dns.ts";
import { startListeners, type Handler } from "../../src/adapters/serve/serve-listeners.ts";
import type { TlsFolder } from "../../src/adapters/serve/tls-folder.ts";
import { answer } from "../../src/responder/answer.ts";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { onLoopback, recordSource } from "../scenarios/loopback-zones.ts";
import { afterOurPlan } from "../scenarios/our-plan.ts";
import { openScenarioCertificates } from "../scenarios/scenario-certificates.ts";
import { MAIL, MAIL_SERVER } from "../scenarios/scenario.ts";
import { startServer } from "../scenarios/start-server.ts";
import { LOOPBACK } from "../scenarios/start-silence.ts";
import { MAIL_HOST, verifyDomainFile, type VerifyWorldPlaces } from "./verify-world.ts";

const specs = Array.from({ length: Number(process.argv[2]) }, (_, index) => verifyDomainFile(index));
const certificates = await openScenarioCertificates();

const contexts = new Map<string, SecureContext>();
for (const { domain } of specs) {
  contexts.set(domain, (await certificates.of("trusted", [domain, `*.${domain}`])).context);
}
const fallback = await certificates.of("trusted", [MAIL_HOST]);
const chosen: TlsFolder = {
  contextFor: (name) => contexts.get(name.split(".").slice(-2).join(".")) ?? fallback.context,
  fallback: () => ({ cert: fallback.certPem, key: fallback.keyPem }),
  onChange: () => undefined,
  reload: async () => undefined,
  close: () => undefined,
};

const settings = new Map(specs.map((spec) => [spec.domain, deriveClientSettings(spec)]));
const tenants = async (domain: string): Promise<ReturnType<typeof settings.get>> => settings.get(domain);
const handler: Handler = (request) => answer(request, { tenants, now: () => new Date() });
const web = await startListeners(
  [
    { listen: { host: LOOPBACK, port: 0 }, isHttps: true, certificates: chosen, handler },
    { listen: { host: LOOPBACK, port: 0 }, isHttps: false, handler },
  ],
  (line) => process.emitWarning(line),
);
const smtp = { port: 25, protocol: "smtp", tls: "starttls" } as const;
const mail = await startServer({ ...MAIL_SERVER, mail: [...(MAIL_SERVER.mail ?? []), smtp] }, fallback);

const zones = Object.fromEntries([
  ["provider.test", [`${MAIL_HOST} A ${MAIL}`]],
  ...specs.map((spec) => [spec.domain, afterOurPlan(spec)]),
]) as Readonly<Record<string, readonly string[]>>;
const dns = await startDns({
  store: recordSource(onLoopback(zones)),
  host: LOOPBACK,
  port: 0,
  authoritativePort: 0,
  edgeAddress: LOOPBACK,
  mailAddress: LOOPBACK,
  mailHosts: () => new Set(),
  extraHosts: () => new Map(),
});

process.once("disconnect", () => {
  void Promise.all([web.stop(), mail.close(), dns.close(), certificates.close()]).then(() => process.exit());
});
const [https, http] = web.addresses;
process.send?.({
  resolver: `${LOOPBACK}:${dns.recursive.port}`,
  authoritative: `${LOOPBACK}:${dns.authoritative.port}`,
  host: LOOPBACK,
  ports: { ...Object.fromEntries(mail.ports), 443: https?.port ?? 0, 80: http?.port ?? 0 },
  rootPem: certificates.rootPem,
} satisfies VerifyWorldPlaces);
