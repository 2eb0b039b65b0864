import type {
  MailPortFailureKind,
  MailPortProtocol,
  MailPortQuestion,
  MailPortView,
} from "../../clients/world/world.ts";
import { coversHost, deriveCertificates } from "../../certificates/certificate-names.ts";
import { mailHostOwner } from "../../dns/mail-host-owner.ts";
import type { ClientSettings } from "../../documents/client-settings.ts";
import type { Endpoint, MailDomain } from "../../spec/mail-domain.ts";
import { ORIGINLESS } from "./planned-web.ts";
import type { NamePath, PlannedNames } from "./planned-names.ts";
import type { WorldState } from "./world-state.ts";

interface MailEndpoint extends Endpoint {
  readonly protocol: MailPortProtocol;
}

/** A server of the domain files that a name leads to. */
interface MailServerHere {
  readonly host: string;
  readonly endpoints: readonly MailEndpoint[];
  /** True where the domain files publish its addresses: then they say all that it offers. */
  readonly isOurs: boolean;
  readonly owner: MailDomain;
}

/** A planned world has no certificates: only whose names they bear is known. */
const NO_CERTIFICATE = { spkiSha256: "", notAfter: new Date(8_640_000_000_000_000) } as const;

/** The mail ports of a planned world: those that the domain files announce. */
export class PlannedMail {
  readonly #state: WorldState;
  readonly #names: PlannedNames;
  readonly #byHost: ReadonlyMap<string, MailServerHere>;
  readonly #byAddress: ReadonlyMap<string, MailServerHere>;

  constructor(state: WorldState, names: PlannedNames) {
    this.#state = state;
    this.#names = names;
    const servers = serversOf(state);
    this.#byHost = new Map(servers.map((server) => [server.host, server]));
    this.#byAddress = new Map(
      servers
        .filter(({ isOurs }) => isOurs)
        .flatMap((server) => server.owner.mailServer.addresses.map((address) => [address, server])),
    );
  }

  probe(question: MailPortQuestion): MailPortView {
    const { host } = question;
    const byA = this.#names.follow(host, "A");
    const path = byA.kind === "absent" ? this.#names.follow(host, "AAAA") : byA;
    if (path.kind === "absent") return closed("absent", `${host} has no address`);
    const isProxied =
      path.kind === "edge" || (path.kind === "found" && path.records.some(({ proxied }) => proxied));
    if (isProxied) return silent(question, `${host} is proxied, and the edge passes no mail ports`);
    const isLost = path.kind === "found" && path.records.every(({ content }) => content === ORIGINLESS);
    if (isLost) return silent(question, `${ORIGINLESS} is nobody's address`);
    const server = this.#serverAt(host, path);
    if (server === undefined) {
      const reason =
        path.kind === "unknown" ? path.reason : `which mail server answers at ${leadWords(host, path)}`;
      return closed("unknown", reason);
    }
    return this.#ask(server, question);
  }

  #ask(server: MailServerHere, question: MailPortQuestion): MailPortView {
    const { host, port, protocol, tls } = question;
    // A domain file says who takes the domain's mail, not how.
    if (protocol === "smtp") return closed("unknown", `how ${server.host} takes mail at port ${port}`);
    const here = server.endpoints.filter((one) => one.port === port);
    const endpoint = here.find((one) => one.protocol === protocol && one.tls === tls) ?? here[0];
    if (endpoint === undefined) {
      return server.isOurs
        ? closed("refused", `the domain file announces nothing at port ${port}`)
        : closed("unknown", `whether ${server.host} listens at port ${port}`);
    }
    if (endpoint.protocol !== protocol)
      return closed("protocol-error", `port ${port} is ${endpoint.protocol}`);
    if (endpoint.tls !== tls) {
      return tls === "starttls" && endpoint.tls === "plain"
        ? closed("starttls-refused", `port ${port} is without TLS`)
        : closed(tls === "implicit" ? "tls-failed" : "protocol-error", `port ${port} is ${endpoint.tls} TLS`);
    }
    return this.#present(server, host);
  }

  #present(server: MailServerHere, host: string): MailPortView {
    const { owner } = server;
    if (!this.#state.deployed.includes(owner)) {
      return closed("unknown", `which certificate ${server.host} presents before the first deployment`);
    }
    const presented = deriveCertificates(owner, { zones: this.#state.visibleZones })
      .filter(({ role }) => role !== "domain")
      .flatMap(({ names }) => names);
    // A host that no certificate of ours covers is somebody else's, who presents one of his own for its own name.
    const isPresented = coversHost(presented, server.host);
    const isProvided = owner.certificate.provided !== undefined;
    const authorized = isPresented || isProvided ? coversHost(presented, host) : host === server.host;
    return {
      outcome: "answered",
      authorized,
      ...(authorized
        ? {}
        : { authorizationError: `the certificate of ${server.host} does not name ${host}` }),
      tlsProtocol: "TLS",
      certificate: isPresented ? { ...NO_CERTIFICATE, subjectAltNames: presented } : NO_CERTIFICATE,
      ms: 0,
    };
  }

  /** By a name on the way, or by an address of the mail server that a domain file publishes. */
  #serverAt(host: string, path: Exclude<NamePath, { kind: "absent" | "edge" }>): MailServerHere | undefined {
    const byName = [host, ...path.aliases].map((name) => this.#byHost.get(name));
    const addresses = path.kind === "found" ? path.records.map(({ content }) => content) : [];
    const byAddress = addresses.map((address) => this.#byAddress.get(address));
    // A name of ours that leads elsewhere, such as to a wildcard's web host, is not our server yet.
    const isElsewhere = ({ isOurs, owner }: MailServerHere): boolean =>
      isOurs &&
      path.kind === "found" &&
      !addresses.some((address) => owner.mailServer.addresses.includes(address));
    return [...byName, ...byAddress].find((server) => server !== undefined && !isElsewhere(server));
  }
}

/**
 * Returns the servers of all domain files; one that several of them name has the endpoints of all, and those that are
 * published, which a change of the files does not close.
 */
function serversOf({ domains, settings }: WorldState): readonly MailServerHere[] {
  const endpoints = [
    ...domains.flatMap(({ mailServer }) => endpointsOf(mailServer)),
    ...[...(settings ?? new Map<string, ClientSettings>()).values()].flatMap(publishedEndpoints),
  ];
  return [...Map.groupBy(endpoints, ({ host }) => host)].flatMap(([host, group]) => {
    const owner = mailHostOwner(host, domains);
    if (owner === undefined) return [];
    const { mailServer } = owner;
    return [
      {
        host,
        endpoints: group,
        isOurs: host === mailServer.host && mailServer.addresses.length > 0,
        owner,
      },
    ];
  });
}

function publishedEndpoints(settings: ClientSettings): readonly MailEndpoint[] {
  return (["imap", "pop3", "submission"] as const).flatMap((protocol) =>
    [settings[protocol], settings.implicitTls?.[protocol]].flatMap((endpoint) =>
      endpoint === undefined ? [] : [{ ...endpoint, protocol }],
    ),
  );
}

function endpointsOf({ imap, pop3, submission, sieve }: MailDomain["mailServer"]): readonly MailEndpoint[] {
  return [
    ...imap.map((endpoint) => ({ ...endpoint, protocol: "imap" as const })),
    ...pop3.map((endpoint) => ({ ...endpoint, protocol: "pop3" as const })),
    ...submission.map((endpoint) => ({ ...endpoint, protocol: "submission" as const })),
    ...sieve.map((endpoint) => ({ ...endpoint, protocol: "sieve" as const })),
  ];
}

function leadWords(host: string, path: NamePath): string {
  const addresses = path.kind === "found" ? path.records.map(({ content }) => content).join(", ") : "";
  return addresses === "" ? host : `${host} (${addresses})`;
}

function closed(outcome: MailPortFailureKind, detail: string): MailPortView {
  return { outcome, detail, ms: 0 };
}

function silent({ timeoutMs }: MailPortQuestion, detail: string): MailPortView {
  return { outcome: "timeout", detail, ms: timeoutMs ?? 0 };
}
