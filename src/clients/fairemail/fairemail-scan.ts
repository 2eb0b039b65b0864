import { portWords } from "../world/answer-words.ts";
import type { ClientServer } from "../ladder/discovery.ts";
import type { SecureServer } from "../ladder/probe-servers.ts";
import type { Trace } from "../ladder/trace.ts";
import { isWrongName } from "../world/wrong-name.ts";

/** `SCAN_TIMEOUT` of `EmailProvider`. */
const SCAN_TIMEOUT_MS = 10_000;

/** In the order in which they are preferred; an empty label is the domain itself. */
const IMAP_SCAN = [
  { labels: ["imap", "imaps", "mail", "mx", ""], port: 993, tls: "implicit" },
  { labels: ["imap", "mail", "mx", ""], port: 143, tls: "starttls" },
] as const;
const SMTP_SCAN = [
  { labels: ["smtp", "mail", "mx", ""], port: 587, tls: "starttls" },
  { labels: ["smtp", "smtps", "mail", "mx", ""], port: 465, tls: "implicit" },
] as const;

/**
 * Scans the ports of usual names as FairEmail does (`fromScan`): those of IMAP all at once, then those of SMTP. A server that presents a certificate of
 * nobody known counts as one that is there; one that is trusted for another name only where there is no other. Either way
 * the person is asked about the certificate.
 */
export async function scanFairEmail(
  trace: Trace,
  domain: string,
): Promise<{ readonly imap: ClientServer; readonly smtp: ClientServer } | undefined> {
  const imap = await scan(trace, serversOf("imap", IMAP_SCAN, domain));
  const smtp = imap && (await scan(trace, serversOf("submission", SMTP_SCAN, domain)));
  return imap === undefined || smtp === undefined ? undefined : { imap, smtp };
}

function serversOf(
  protocol: SecureServer["protocol"],
  scans: typeof IMAP_SCAN | typeof SMTP_SCAN,
  domain: string,
): readonly SecureServer[] {
  return scans.flatMap(({ labels, port, tls }) =>
    labels.map((label) => ({ protocol, host: label === "" ? domain : `${label}.${domain}`, port, tls })),
  );
}

async function scan(trace: Trace, servers: readonly SecureServer[]): Promise<ClientServer | undefined> {
  const branches = servers.map((server) => ({ server, branch: trace.fork() }));
  const seen = await Promise.all(
    branches.map(async ({ server, branch }) => {
      const { protocol, host, port, tls } = server;
      const question = { protocol, host, port, tls, timeoutMs: SCAN_TIMEOUT_MS };
      return {
        server,
        view: await branch.probe("scan", question, (view) => ({
          answer: portWords(view),
          effect: "passed",
        })),
      };
    }),
  );
  const answering = seen.flatMap(({ server, view }) => {
    if (view.outcome !== "answered") return [];
    return [{ server, error: view.authorized ? undefined : (view.authorizationError ?? "no reason given") }];
  });
  const chosen = answering.find(({ error }) => error === undefined || !isWrongName(error)) ?? answering[0];
  // Answers are looked at in the order of preference: after a good one, nobody waits for the others.
  const isWaiting = chosen === undefined || (chosen.error !== undefined && isWrongName(chosen.error));
  const last = isWaiting ? servers.length : servers.indexOf(chosen.server) + 1;
  trace.join(...branches.slice(0, last).map(({ branch }) => branch));
  if (chosen?.error !== undefined) {
    const target = `${chosen.server.host}:${chosen.server.port}`;
    trace.prompt({
      kind: "certificate",
      target,
      text: `Trust the certificate of ${target}? ${chosen.error}`,
    });
  }
  return chosen?.server;
}
