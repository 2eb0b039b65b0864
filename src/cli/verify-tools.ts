import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { openAuthoritativeView } from "../adapters/authoritative-view.ts";
import { connectTarget } from "../adapters/connect-to.ts";
import { openDnsLookup } from "../adapters/dns-lookup.ts";
import { openLiveWorld } from "../adapters/live-world.ts";
import { CLIENTS } from "../clients/clients.ts";
import type { ClientModel, ClientName } from "../clients/discovery.ts";
import { CHECKS } from "../doctor/checks/checks.ts";
import type { VerifyTools } from "../doctor/verify-domain.ts";
import { MailAutodiscoverError } from "../errors.ts";
import type { VerifyOptions } from "./verify.ts";

/** Opens the network anew, with nothing remembered of an earlier look. */
export function openVerifyTools(
  options: VerifyOptions,
  clients: readonly ClientModel[],
  ca: string | undefined,
): VerifyTools {
  const { resolver, authoritative, allowPrivate, connectTo, doh, timeout } = options;
  const world = openLiveWorld({
    resolver,
    doh,
    ca,
    allowPrivate,
    timeoutMs: timeout,
    connectTo: (host, port) => connectTarget(connectTo, host, port),
  });
  const lookup = openDnsLookup({ resolver, authoritative });
  return {
    world,
    clients,
    checks: CHECKS,
    authoritative: openAuthoritativeView({ resolver, authoritative, allowPrivate }),
    dnssec: (name) => lookup.dnssec(name, NEVER),
    now: () => new Date(),
  };
}

/** Returns the models of the clients. @throws MailAutodiscoverError `usage` for one that is not replayed */
export function modelsOf(names: readonly ClientName[]): readonly ClientModel[] {
  return names.map((name) => {
    const model = CLIENTS.find((client) => client.name === name);
    if (model !== undefined) return model;
    throw new MailAutodiscoverError("usage", `${name} is not replayed by this version.`, {
      remedy: `Choose among: ${CLIENTS.map((client) => client.name).join(", ")}.`,
    });
  });
}

/** Reads the roots of a file. @throws MailAutodiscoverError `usage` where it holds none */
export async function readRoots(file: string): Promise<string> {
  try {
    const pem = await readFile(file, "utf8");
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate");
    createSecureContext({ ca: pem });
    return pem;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MailAutodiscoverError("usage", `The roots in ${file} cannot be used: ${reason}.`, {
      remedy: "Name a file of certificates in PEM with --ca-file.",
      cause,
    });
  }
}

/** Every question has its own time-out. */
const NEVER = new AbortController().signal;
