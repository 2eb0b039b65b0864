import { DISCOVERY_LABELS } from "./discovery-labels.ts";
import type { MailDomain } from "./mail-domain.ts";
import { namedHosts } from "./named-hosts.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Reports values that are right by themselves, but whose records would shadow, contradict or repeat each other. */
export function reportConflicts(domain: MailDomain, report: Report): void {
  const hosts = namedHosts(domain);
  const taken = DISCOVERY_LABELS.map((label) => `${label}.${domain.domain}`);
  for (const [path, host] of hosts) {
    if (!taken.includes(host)) continue;
    report(
      specIssue(path, host, "is a name that the documents are published at", "Give the server another name."),
    );
  }
  for (const label of domain.guessNames.labels) {
    const name = `${label}.${domain.domain}`;
    const other = hosts.find(([, host]) => host === name);
    if (other === undefined) continue;
    report(
      specIssue(
        "guessNames",
        label,
        `is the name of a server of its own (${other[0]}), which cannot be a CNAME to the mail server, too`,
        `Remove ${label} from guessNames.`,
      ),
    );
  }
  for (const protocol of ["imap", "pop3", "submission"] as const) {
    const places = domain.mailServer[protocol].map(({ host, port, tls }) => `${host}:${port} ${tls}`);
    reportTwice(`mailServer.${protocol}`, places, "Keep each endpoint once.", report);
  }
  const exchangers = domain.delivery.mx.map(({ host }) => host);
  reportTwice("mx", exchangers, "Keep each exchanger once.", report);
  const selectors = domain.delivery.dkim.map(({ selector }) => selector);
  reportTwice("dkim", selectors, "Keep one key for each selector.", report);
}

function reportTwice(path: string, values: readonly string[], remedy: string, report: Report): void {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  for (const value of twice) report(specIssue(path, value, "stands in the list twice", remedy));
}
