import type { WorldRequest, WorldResponse } from "../../clients/world/world.ts";
import { deriveCertificates, coversHost } from "../../certificates/certificate-names.ts";
import { deriveClientSettings, hasServers } from "../../documents/client-settings.ts";
import { renderMobileconfig } from "../../documents/mobileconfig.ts";
import { recordTarget } from "../../dns/rules/record-target.ts";
import { matchRoute } from "../../dns/route-match.ts";
import { answer } from "../../responder/answer.ts";
import type { ResponderRequest } from "../../responder/exchange.ts";
import type { TenantStore } from "../../responder/tenant.ts";
import { isWithin } from "../../spec/host-name.ts";
import { proxiedRecord, type NamePath, type PlannedNames } from "./planned-names.ts";
import type { StateZone, WorldState } from "./world-state.ts";

/** Address of a record without an origin: the discard prefix (RFC 6666), where packets are lost. */
export const ORIGINLESS = "100::";

/**
 * How long the edge waits for a connection to an origin before it answers 522
 * (developers.cloudflare.com/fundamentals/reference/connection-limits, verified 2026-11-29).
 */
const ORIGIN_TIMEOUT_MS = 19_000;

/** Who answers a request. */
type Server =
  | { readonly kind: "responder" }
  /** The operator's own host, which serves the documents and who knows what else. */
  | { readonly kind: "origin-host" }
  | { readonly kind: "failed"; readonly failure: Failure["kind"]; readonly reason: string };

type Failure = Extract<WorldResponse, { readonly state: "failed" }>;

export interface PlannedWebOptions {
  readonly now: Date;
  readonly signsProfiles: boolean;
}

/** The web of a planned world: what the program serves is answered by the responder, and nothing else is known. */
export class PlannedWeb {
  readonly #state: WorldState;
  readonly #names: PlannedNames;
  readonly #options: PlannedWebOptions;

  constructor(state: WorldState, names: PlannedNames, options: PlannedWebOptions) {
    this.#state = state;
    this.#names = names;
    this.#options = options;
  }

  async request(asked: WorldRequest): Promise<WorldResponse> {
    const url = URL.parse(asked.url);
    if (url === null || !/^https?:$/.test(url.protocol)) return failed("invalid-url", asked.url);
    const server = this.#serverOf(url);
    if (server.kind === "failed") return withPatience(asked, failed(server.failure, server.reason));
    const tenants = this.#openTenants(url);
    const response = await this.#respond(asked, url, tenants.store);
    if (tenants.isGuess()) {
      return { ...failed("unknown", "which documents are published today"), asksNoPassword: true };
    }
    // Of the host's other pages nothing is known.
    const isOther = server.kind === "origin-host" && response.status === 404;
    return isOther ? failed("unknown", `what else ${url.hostname} serves`) : response;
  }

  /** Over plain HTTP the responder sends a deployed domain's clients on, whatever of it is published. */
  #openTenants({ protocol }: URL): { readonly store: TenantStore; readonly isGuess: () => boolean } {
    const { settings, deployed } = this.#state;
    const isDocument = protocol === "https:";
    let wasAsked = false;
    const store: TenantStore = Object.assign(
      async (name: string) => {
        wasAsked = true;
        if (settings !== undefined || isDocument) return settings?.get(name);
        const known = deployed.find(({ domain }) => domain === name);
        return known === undefined ? undefined : deriveClientSettings(known);
      },
      {
        profile: async (domain: string) =>
          this.#options.signsProfiles ? signedProfile(this.#state, domain) : undefined,
      },
    );
    return { store, isGuess: () => isDocument && wasAsked && settings === undefined };
  }

  #serverOf(url: URL): Server {
    const host = url.hostname.replace(/\.$/, "");
    const byA = this.#names.follow(host, "A");
    const path = byA.kind === "absent" ? this.#names.follow(host, "AAAA") : byA;
    if (path.kind === "absent") return unserved("absent", `${host} has no address`);
    const own = this.#ownOrigin(host, path);
    if (own !== undefined) return own;
    if (path.kind === "unknown") return unserved("unknown", path.reason);
    if (url.port !== "") return unserved("unknown", `what listens at ${url.host}`);
    if (path.kind === "edge") {
      return host === this.#state.workersDevHost
        ? { kind: "responder" }
        : unserved("unknown", `${host} is an alias of the Worker's host, which knows no such name`);
    }
    const [record] = path.records;
    if (record?.proxied === true) return this.#edge(url, host);
    return record?.content === ORIGINLESS
      ? unserved("timeout", `${ORIGINLESS} is nobody's address`)
      : unserved("unknown", `what ${record?.content ?? ""} serves as ${host}`);
  }

  /** Decides as the edge does: the zone of the host, its certificate, its routes, its Worker, its origin. */
  #edge(url: URL, host: string): Server {
    const zone = this.#names.zoneOf(host);
    const record = zone === undefined ? undefined : proxiedRecord(zone, host);
    if (zone === undefined || record === undefined) {
      return unserved("unknown", `${host} is an alias of a proxied name, and not proxied itself`);
    }
    const custom = zone.customDomains.find(({ hostname }) => hostname === host);
    if (url.protocol === "https:" && custom === undefined && isDeeper(host, zone)) {
      return unserved("unknown", `whether the edge has a certificate for ${host}`);
    }
    const route = matchRoute(zone.routes, {
      scheme: url.protocol === "https:" ? "https" : "http",
      host,
      pathAndQuery: `${url.pathname}${url.search}`,
    });
    const script = route === undefined ? custom?.service : route.script;
    if (script !== undefined) {
      return this.#state.scripts.has(script)
        ? { kind: "responder" }
        : unserved("unknown", `the Worker ${script} answers at ${host}`);
    }
    return record.type === "AAAA" && record.content === ORIGINLESS
      ? unserved("timeout", `${host} has no origin, and no Worker answers for it`)
      : unserved("unknown", `what ${recordTarget(record) ?? record.content} serves as ${host}`);
  }

  /** A domain file with `publish: { origin }` says that this host serves the documents. */
  #ownOrigin(host: string, path: NamePath): Server | undefined {
    for (const domain of this.#state.origins) {
      const { publish } = domain;
      if (publish.kind !== "origin") continue;
      if (host === publish.host) return { kind: "origin-host" };
      const isNamed = isWithin(host, domain.domain) && path.aliases.includes(publish.host);
      if (!isNamed) continue;
      const certificates = deriveCertificates(domain, { zones: this.#state.visibleZones });
      const isCovered =
        domain.certificate.provided !== undefined ||
        certificates.some(({ role, names }) => role !== "mail" && coversHost(names, host));
      return isCovered
        ? { kind: "responder" }
        : unserved("unknown", `which certificate ${publish.host} presents for ${host}`);
    }
    return undefined;
  }

  async #respond(
    asked: WorldRequest,
    url: URL,
    tenants: TenantStore,
  ): Promise<Extract<WorldResponse, { readonly state: "answered" }>> {
    const headers = new Map(
      Object.entries(asked.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const request: ResponderRequest = {
      method: asked.method,
      isHttps: url.protocol === "https:",
      host: url.hostname.replace(/\.$/, ""),
      path: url.pathname,
      search: url.search,
      header: (name) => headers.get(name),
      readBody: async (limit) => {
        const body = asked.body ?? "";
        return body.length > limit ? undefined : body;
      },
    };
    const { status, headers: sent, body } = await answer(request, { tenants, now: () => this.#options.now });
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    return {
      state: "answered",
      status,
      headers: sent,
      body: typeof body === "string" ? body : new TextDecoder().decode(body),
      ...(bytes === undefined ? {} : { bytes }),
      tlsError: undefined,
      ms: 0,
    };
  }
}

/**
 * The deployment signs the profile with the domain's certificate, which a plan has not: what stands here for the signature is
 * its outermost octet (SEQUENCE, RFC 5652 §3), and the property list within is the real one.
 */
async function signedProfile(state: WorldState, name: string): Promise<Uint8Array | undefined> {
  const domain = state.deployed.find((each) => each.domain === name);
  const settings = state.settings?.get(name);
  // An origin has no key to sign with.
  if (domain === undefined || state.origins.includes(domain) || !hasServers(settings)) return undefined;
  const isSigned =
    domain.certificate.provided !== undefined ||
    deriveCertificates(domain, { zones: state.visibleZones }).some(
      ({ role, names }) => role !== "mail" && names.length > 0,
    );
  const profile = isSigned ? renderMobileconfig(settings) : undefined;
  return profile === undefined ? undefined : new TextEncoder().encode(`0${profile}`);
}

/** Universal SSL covers the apex and one level (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations). */
function isDeeper(host: string, zone: StateZone): boolean {
  return host !== zone.name && host.slice(0, -zone.name.length - 1).includes(".");
}

function unserved(failure: Failure["kind"], reason: string): Server {
  return { kind: "failed", failure, reason };
}

function failed(kind: Failure["kind"], reason: string): Failure {
  return { state: "failed", kind, reason, ms: 0 };
}

/** Silence costs what the client waits for it, and no more than the edge does. */
function withPatience(asked: WorldRequest, failure: Failure): Failure {
  if (failure.kind !== "timeout") return failure;
  return { ...failure, ms: Math.min(asked.timeoutMs ?? ORIGIN_TIMEOUT_MS, ORIGIN_TIMEOUT_MS) };
}
