import type { MailDomain, WildcardPolicy } from "../../../src/spec/mail-domain.ts";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

/** A sample domain with an origin outside its zone, so that no record of it depends on where Workers may stand. */
export function wildcardDomain(
  domain: string,
  wildcard: Partial<WildcardPolicy> = {},
  changes: Partial<MailDomain> = {},
): MailDomain {
  return {
    ...sampleDomain({
      domain,
      mailServer: { host: `mail.${domain}` },
      publish: { origin: "host.example.net" },
    }),
    delivery: {
      mx: [],
      spf: undefined,
      dkim: [],
      dmarc: undefined,
      mtaSts: undefined,
      tlsRpt: [],
      caa: undefined,
    },
    ...changes,
    wildcard: { policy: "shadow", accept: [], ...wildcard },
  };
}

/** Reads `NAME TYPE CONTENT`, with `proxied` as the last word of a proxied record. */
export function zoneRecords(...lines: readonly string[]): readonly ZoneRecord[] {
  return lines.map((line) => {
    const [name = "", type = "", ...rest] = line.split(" ");
    const proxied = rest.at(-1) === "proxied";
    return { name, type, content: (proxied ? rest.slice(0, -1) : rest).join(" "), proxied };
  });
}
