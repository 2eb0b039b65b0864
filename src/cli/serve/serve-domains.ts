import { openDomainFolder, type DomainFolder } from "../../adapters/serve/serve-domains.ts";
import {
  startListeners,
  type Handler,
  type ListenAddress,
  type Listener,
} from "../../adapters/serve/serve-listeners.ts";
import { openRequestMetrics, type RequestMetrics } from "../../adapters/serve/serve-metrics.ts";
import { openTlsFolder, type TlsFolder } from "../../adapters/serve/tls-folder.ts";
import { answer } from "../../responder/answer.ts";
import type { CountEvent } from "../../responder/count-event.ts";
import type { ResponderAnswer } from "../../responder/exchange.ts";
import { NOT_FOUND } from "../../responder/responses.ts";
import type { ServeOptions } from "./serve.ts";

export interface RunningServe {
  readonly domains: readonly string[];
  /** Where it listens, in the order documents, redirects, metrics. */
  readonly urls: readonly string[];
  /** Reads both folders now, as a change of them does by itself. */
  reload(): Promise<void>;
  /** Resolves when the last request is answered. */
  stop(): Promise<void>;
}

const WITH_CERTIFICATE: ListenAddress = { host: "::", port: 443 };
/** Loopback: what stands in front of it ends TLS, and nobody should get around that. */
const BEHIND_PROXY: ListenAddress = { host: "127.0.0.1", port: 8080 };

/**
 * Starts the responder for a folder of domains. `report` gets what a person should know; never anything of a request.
 *
 * @throws MailAutodiscoverError `usage`, `invalid-spec`, `certificate-mismatch`, `port-taken`: nothing listens then
 */
export async function serveDomains(
  options: ServeOptions,
  report: (line: string) => void,
): Promise<RunningServe> {
  const folder = await openDomainFolder(options.domains, report);
  let certificates: TlsFolder | undefined;
  const closeFolders = (): void => {
    folder.close();
    certificates?.close();
  };
  try {
    if (options.certificate !== undefined) certificates = await openTlsFolder(options.certificate, report);
    const listeners = planListeners(options, folder, certificates);
    const started = await startListeners(listeners, report);
    return {
      domains: folder.domains(),
      urls: started.addresses.map(({ host, port }, index) => {
        const scheme = listeners[index]?.certificates === undefined ? "http" : "https";
        return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
      }),
      reload: async () => {
        await Promise.all([folder.reload(), certificates?.reload()]);
      },
      stop: async () => {
        closeFolders();
        await started.stop();
      },
    };
  } catch (error) {
    closeFolders();
    throw error;
  }
}

function planListeners(
  options: ServeOptions,
  { tenants }: DomainFolder,
  certificates: TlsFolder | undefined,
): readonly Listener[] {
  const metrics = options.metrics === undefined ? undefined : openRequestMetrics();
  const responder = {
    tenants,
    now: () => new Date(),
    ...(metrics === undefined ? {} : { count: (event: CountEvent) => metrics.count(event) }),
  };
  const handler = withHealth(options.health, (request) => answer(request, responder));
  return [
    {
      listen: options.listen ?? (certificates === undefined ? BEHIND_PROXY : WITH_CERTIFICATE),
      ...(certificates === undefined ? {} : { certificates }),
      isHttps: true,
      handler,
    },
    ...(options.http === undefined ? [] : [{ listen: options.http, isHttps: false, handler }]),
    ...(options.metrics === undefined || metrics === undefined
      ? []
      : [{ listen: options.metrics, isHttps: false, handler: metricsHandler(metrics) }]),
  ];
}

const OK: ResponderAnswer = {
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: "ok\n",
};

/** Whatever the host: a load balancer asks by address. */
function withHealth(path: string, handler: Handler): Handler {
  return (request) => (request.path === path ? Promise.resolve(OK) : handler(request));
}

/** On a listener of its own: numbers of all domains are nobody's business but the operator's. */
function metricsHandler(metrics: RequestMetrics): Handler {
  return async ({ path }) =>
    path === "/metrics"
      ? { ...OK, headers: { ...OK.headers, "content-type": METRICS_TYPE }, body: metrics.render() }
      : NOT_FOUND;
}

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
