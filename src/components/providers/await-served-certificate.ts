import { X509Certificate } from "node:crypto";
import { connectTarget } from "../../adapters/connect-to.ts";
import { probeMailPort, type MailPortObservation } from "../../adapters/mail-ports/mail-ports.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import type { DeploymentEndpoint } from "../acme-resources.ts";
import type { ProviderContext } from "./provider-context.ts";

/** How long a server may take to load a new certificate: Dovecot and Postfix reload in seconds. */
const SERVED_TIMEOUT_MS = 30_000;

const POLL_MS = 500;

/**
 * Waits until every port presents the certificate.
 * @throws MailAutodiscoverError `certificate-not-served`, with each port that does not and what it presents
 */
export async function awaitServedCertificate(
  endpoints: readonly DeploymentEndpoint[],
  fullChainPem: string,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new X509Certificate(fullChainPem).serialNumber.toLowerCase();
  const deadline = performance.now() + SERVED_TIMEOUT_MS;
  let waiting: readonly { readonly endpoint: DeploymentEndpoint; readonly seen: string }[] = [];
  let open = endpoints;
  do {
    const seen = await Promise.all(
      open.map(async (endpoint) => ({ endpoint, seen: await presented(endpoint, context) })),
    );
    waiting = seen.filter((item) => item.seen !== wanted);
    open = waiting.map((item) => item.endpoint);
    if (open.length === 0) return;
    await context.clock.sleep(POLL_MS, signal);
  } while (performance.now() < deadline);
  throw new MailAutodiscoverError(
    "certificate-not-served",
    `The certificate ${wanted} is deployed, but not presented at ${waiting
      .map(({ endpoint, seen }) => `${endpoint.host}:${endpoint.port} (${endpoint.protocol}: ${seen})`)
      .join(", ")}.`,
    {
      remedy: "Reload the mail server, check that it reads the deployed files, and run again.",
      retryable: true,
    },
  );
}

/** Returns the serial number that a port presents, or why none is seen. */
async function presented(endpoint: DeploymentEndpoint, context: ProviderContext): Promise<string> {
  const { host, port, tls, protocol } = endpoint;
  const connectTo = connectTarget(context.network.connectTo, host, port);
  const observation = await probeMailPort({
    host,
    port,
    tls,
    protocol,
    ...(connectTo === undefined ? {} : { connectTo }),
    ...(context.ca === undefined ? {} : { ca: context.ca }),
  });
  return observation.outcome === "answered"
    ? observation.certificate.serial.toLowerCase()
    : describe(observation);
}

function describe(observation: Exclude<MailPortObservation, { outcome: "answered" }>): string {
  return observation.outcome;
}
