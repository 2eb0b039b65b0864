import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { connectTarget } from "../../adapters/connect-to.ts";
import { openLiveWorld } from "../../adapters/live-world.ts";
import type { World } from "../../clients/world/world.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import type { NetworkOptions } from "./network-options.ts";

/** Opens the network anew, with nothing remembered of an earlier look. `ca` is what {@link readRoots} gives. */
export function openNetworkWorld(options: NetworkOptions, ca: string | undefined): World {
  const { resolver, allowPrivate, connectTo, doh, timeout } = options;
  return openLiveWorld({
    resolver,
    doh,
    ca,
    allowPrivate,
    timeoutMs: timeout,
    connectTo: (host, port) => connectTarget(connectTo, host, port),
  });
}

/** Reads the roots of `--ca-file`, where it is given. @throws MailAutodiscoverError `usage` where it holds none */
export async function readRoots(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const pem = await readFile(file, "utf8");
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
    if (certificates.length === 0) throw new Error("it holds no certificate");
    // What cannot be read would be passed over in silence, and nothing trusted.
    for (const certificate of certificates) new X509Certificate(certificate).toString();
    return pem;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MailAutodiscoverError("usage", `The roots in ${file} cannot be used: ${reason}.`, {
      remedy: "Name a file of certificates in PEM with --ca-file.",
      cause,
    });
  }
}
