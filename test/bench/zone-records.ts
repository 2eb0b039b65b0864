import type { PreloadRecord } from "../../infra/sandbox/cloudflare-api/preload-zone.ts";

/**
 * Returns the records of a zone that lives: its first ten are a small domain's, with five at names that a mail domain
 * wants for itself and a wildcard over the rest; all further ones are hosts and what stands beside them, in turn. The
 * same zone and count give the same records.
 *
 * @throws RangeError below 10
 */
export function generateZoneRecords(zone: string, count: number): readonly PreloadRecord[] {
  const common = commonRecords(zone);
  if (count < common.length) throw new RangeError(`A zone has at least ${common.length} records.`);
  const further = Array.from({ length: count - common.length }, (_, index) => furtherRecord(zone, index));
  return [...common, ...further];
}

/** Aliases lead to names of the zone itself, so that nothing has to be asked of a resolver. */
function commonRecords(zone: string): readonly PreloadRecord[] {
  const at = (label: string): string => `${label}.${zone}`;
  return [
    { type: "A", name: zone, content: "203.0.113.80", proxied: true },
    { type: "CNAME", name: at("www"), content: zone, proxied: true },
    { type: "A", name: at("*"), content: "203.0.113.81" },
    { type: "A", name: at("mail"), content: "203.0.113.25" },
    { type: "AAAA", name: at("mail"), content: "2001:db8::25" },
    { type: "MX", name: zone, content: at("mail"), priority: 10 },
    { type: "TXT", name: zone, content: '"v=spf1 mx -all"', ttl: 3600 },
    { type: "TXT", name: at("_dmarc"), content: '"v=DMARC1; p=none"' },
    { type: "CNAME", name: at("autodiscover"), content: at("mail") },
    { type: "SRV", name: at("_imaps._tcp"), ...service(at("mail"), 993) },
  ];
}

/** Records beside each other in the list share a host: a zone of 10,000 has about 4,000 names, some three labels deep. */
function furtherRecord(zone: string, index: number): PreloadRecord {
  const host = Math.floor(index / 7);
  const name = `host-${host}.team-${host % 40}.${zone}`;
  switch (index % 7) {
    case 0:
      return { type: "A", name, content: `198.51.100.${host % 256}`, ttl: 300, comment: `host ${host}` };
    case 1:
      return { type: "AAAA", name, content: `2001:db8::${(host + 1).toString(16)}` };
    case 2:
      return { type: "CNAME", name: `app-${host}.${zone}`, content: name };
    case 3:
      return { type: "TXT", name, content: `"site-verification=${String(host).repeat(30).slice(0, 120)}"` };
    case 4:
      return { type: "MX", name, content: `mail.${zone}`, priority: 20 };
    case 5:
      return { type: "SRV", name: `_sip._tcp.${name}`, ...service(name, 5061) };
    default:
      return { type: "A", name: `node-${host}.${zone}`, content: `192.0.2.${host % 256}`, proxied: true };
  }
}

function service(target: string, port: number): Pick<PreloadRecord, "data" | "priority"> {
  return { priority: 0, data: { priority: 0, weight: 1, port, target } };
}
