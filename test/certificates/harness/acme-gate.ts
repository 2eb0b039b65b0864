import { readFile } from "node:fs/promises";
import type { RunningPebble } from "../../../infra/sandbox/acme/start-pebble.ts";
import { ensureApiCertificate } from "../../../infra/sandbox/acme/api-certificate.ts";
import { readAcmeRequest, requestNonce } from "./acme-request.ts";
import { startFaultGate, type FaultGate } from "./fault-gate.ts";
import type { GateAnswer, GateRule } from "./gate-exchange.ts";

/** The CA's name for clients: accounts and orders keep their addresses while ports change. */
export const ACME_HOST = "acme.sandbox.test";

export interface AcmeGate extends FaultGate {
  readonly directoryUrl: string;
  /** `host:port:ip:port` rules that lead a client through the gate. */
  readonly connectTo: readonly string[];
  /** PEM that a client trusts for it. */
  readonly ca: string;
}

/**
 * Starts a gate before a Pebble. Clients know the CA as `acme.sandbox.test` and are led here by `connectTo`; the Host header, from which
 * Pebble makes every address of its answers and against which it checks the signed one, passes unchanged.
 */
export async function startAcmeGate(
  pebble: RunningPebble,
  stateDir: string,
  rules: readonly GateRule[] = [],
): Promise<AcmeGate> {
  const files = await ensureApiCertificate(stateDir, "127.0.0.1", [ACME_HOST]);
  const ca = await readFile(files.caFile, "utf8");
  const gate = await startFaultGate({
    upstream: new URL(pebble.directoryUrl).origin,
    upstreamCa: await readFile(pebble.tlsCaFile, "utf8"),
    tls: {
      cert: await readFile(files.certificateFile, "utf8"),
      key: await readFile(files.keyFile, "utf8"),
    },
    read: readAcmeRequest,
    rules,
    complete: (request, answer) => withNonce(answer, requestNonce(request)),
  });
  return Object.assign(gate, {
    directoryUrl: `https://${ACME_HOST}/dir`,
    connectTo: [`${ACME_HOST}:443:127.0.0.1:${gate.port}`],
    ca,
  });
}

/** A refusal brings a nonce too (RFC 8555 §6.5). The request's own was never used, since Pebble did not see it. */
function withNonce(answer: GateAnswer, nonce: string | undefined): GateAnswer {
  if (nonce === undefined) return answer;
  return { ...answer, headers: { "replay-nonce": nonce, ...answer.headers } };
}
