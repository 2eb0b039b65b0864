import { closestZone } from "../spec/host-name.ts";
import { addressType } from "../spec/ip-address.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import { logicalName, type AddressRecord, type CnameRecord } from "./wanted-record.ts";

/**
 * Returns the addresses of the mail host. One outside the zones is somebody else's to publish. The records are named after
 * the zone, not the domain: when another domain of the program becomes the one that publishes a shared host, nothing is
 * renamed.
 */
export function deriveMailHosts(domain: MailDomain, zones: readonly string[]): readonly AddressRecord[] {
  const { host, addresses } = domain.mailServer;
  const zone = closestZone(
    host,
    zones.map((name) => ({ name })),
  );
  if (zone === undefined) return [];
  return addresses.map((content) => {
    const type = addressType(content);
    return {
      type,
      name: host,
      logicalName: logicalName(zone.name, type, host, content),
      formerLogicalNames: [],
      purpose: "mail-host",
      content,
      proxied: false,
    };
  });
}

/** Returns the names for clients that guess: never proxied, since the edge passes HTTP only. */
export function deriveGuessNames(domain: MailDomain): readonly CnameRecord[] {
  const { guessNames, mailServer } = domain;
  return guessNames.labels.map((label) => {
    const name = `${label}.${domain.domain}`;
    return {
      type: "CNAME",
      name,
      logicalName: logicalName(domain.domain, "CNAME", name),
      formerLogicalNames: [],
      purpose: "guess-name",
      ...(guessNames.isAsked ? {} : { isOptional: true }),
      content: mailServer.host,
      proxied: false,
    };
  });
}
