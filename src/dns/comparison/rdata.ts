import { parseIpAddress } from "../../spec/ip-address.ts";
import type { ObservedRecord } from "../observed-zone.ts";
import { parseTxt } from "../txt-text.ts";
import type { WantedRecord } from "../wanted-record.ts";
import { canonicalName } from "./canonical-name.ts";

/**
 * Returns the RDATA of a wanted record as one text, equal to that of an observed record exactly where both mean the
 * same. A CAA record that binds an account has no such text before the account is known: undefined.
 */
export function wantedRdata(record: WantedRecord): string | undefined {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.content;
    case "CNAME":
      return canonicalName(record.content);
    case "SRV":
      return srv(record.priority, record.weight, record.port, record.target);
    case "MX":
      return `${record.priority} ${canonicalName(record.exchange)}`;
    case "TXT":
      return record.text;
    case "CAA":
      return record.bindsAccount ? undefined : caa(record.flags, record.tag, record.value);
  }
}

/** Returns the RDATA of an observed record in the form of {@link wantedRdata}; other types give their content. */
export function observedRdata(
  record: Pick<ObservedRecord, "type" | "content" | "data" | "priority">,
): string {
  const { type, content, data, priority } = record;
  switch (type) {
    case "A":
    case "AAAA":
      return parseIpAddress(content) ?? content;
    case "CNAME":
      return canonicalName(content);
    case "MX":
      return observedMx(record);
    case "TXT":
      return parseTxt(content);
    case "SRV": {
      const fields = content.trim().split(/\s+/);
      // The API writes weight, port, target; exports and other tools put the priority before them.
      const [weight, port, target] = fields.slice(-3);
      const first = fields.length > 3 ? fields[0] : undefined;
      return srv(
        data?.["priority"] ?? priority ?? first ?? 0,
        data?.["weight"] ?? weight ?? 0,
        data?.["port"] ?? port ?? 0,
        String(data?.["target"] ?? target ?? ""),
      );
    }
    case "CAA": {
      const parts = /^\s*(\d+)\s+(\S+)\s+"?(.*?)"?\s*$/.exec(content);
      return caa(
        data?.["flags"] ?? parts?.[1] ?? 0,
        String(data?.["tag"] ?? parts?.[2] ?? ""),
        String(data?.["value"] ?? parts?.[3] ?? content),
      );
    }
    default:
      return content;
  }
}

function observedMx({
  content,
  priority,
  data,
}: Pick<ObservedRecord, "content" | "data" | "priority">): string {
  const fields = content.trim().split(/\s+/);
  const target = data?.["target"] ?? fields.at(-1) ?? "";
  return `${Number(data?.["priority"] ?? priority ?? (fields.length > 1 ? fields[0] : 0))} ${canonicalName(String(target))}`;
}

function srv(
  priority: string | number,
  weight: string | number,
  port: string | number,
  target: string,
): string {
  return `${Number(priority)} ${Number(weight)} ${Number(port)} ${canonicalName(target)}`;
}

/** Issuer and parameters of `issue` and `issuewild` are compared apart from their order and spaces (RFC 8659 §4.2). */
function caa(flags: string | number, tag: string, value: string): string {
  const name = tag.toLowerCase();
  if (name !== "issue" && name !== "issuewild") return `${Number(flags)} ${name} ${value.trim()}`;
  const [issuer = "", ...parameters] = value.split(";").map((part) => part.trim());
  const sorted = parameters.filter((part) => part !== "").toSorted();
  return [`${Number(flags)} ${name} ${canonicalName(issuer === "" ? "." : issuer)}`, ...sorted].join("; ");
}
