import { acmeRefused, parseAcmeProblem } from "../../certificates/acme-problem.ts";
import type { RenewalInfo, RenewalInfoSource } from "../../certificates/ports.ts";
import { readDirectory, readRenewalInfo, type AcmeDirectoryObject } from "./acme-objects.ts";
import { getAcmeResource, openAcmeSession, type AcmeNetwork, type AcmeSession } from "./acme-transport.ts";

/**
 * Opens a CA's renewal information alone: a preview or a refresh needs no account for it. The directory is asked once, so that each
 * certificate costs one request.
 */
export function openRenewalInfo(
  directoryUrl: string,
  network: AcmeNetwork = {},
  session: AcmeSession = openAcmeSession(network),
): RenewalInfoSource {
  let directory: Promise<AcmeDirectoryObject> | undefined;
  return {
    renewalInfo: async (certId, signal) => {
      directory ??= getAcmeResource(session, directoryUrl, signal).then(({ data }) => readDirectory(data));
      const { renewalInfoUrl } = await directory.catch((error: unknown) => {
        directory = undefined;
        throw error;
      });
      return await requestRenewalInfo(session, renewalInfoUrl, certId, signal);
    },
  };
}

/** A plain unsigned GET (RFC 9773 §4.1); Pebble answers a signed one with 500. */
export async function requestRenewalInfo(
  session: AcmeSession,
  renewalInfoUrl: string | undefined,
  certId: string,
  signal: AbortSignal,
): Promise<RenewalInfo | undefined> {
  if (renewalInfoUrl === undefined) return undefined;
  const answer = await getAcmeResource(session, `${renewalInfoUrl}/${certId}`, signal);
  if (answer.status >= 400) {
    throw acmeRefused("tell the renewal window", parseAcmeProblem(answer.data, answer.status));
  }
  return readRenewalInfo(answer.data, answer.headers["retry-after"]);
}
