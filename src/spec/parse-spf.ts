import { addressType, parseIpAddress } from "./ip-address.ts";
import type { SpfPolicy } from "./mail-domain.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Receivers give up with a permanent error beyond it (RFC 7208 §4.6.4). */
export const MAX_SPF_LOOKUPS = 10;
/** Terms that cost receivers a look-up (the same section). */
export const SPF_LOOKUP_TERMS: ReadonlySet<string> = new Set([
  "include",
  "a",
  "mx",
  "ptr",
  "exists",
  "redirect",
]);

/** True for a text that receivers take for an SPF record (RFC 7208 §4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1(\s|$)/i.test(text);
}

// RFC 7208 §7.1: visible ASCII but `%`, macros, and the three escapes.
const MACRO = String.raw`%\{[slodiphcrtv]\d*r?[.\-+,/_=]*\}`;
const MACRO_STRING = new RegExp(String.raw`^(?:[!-$&-~]|${MACRO}|%%|%_|%-)+$`, "i");
const ENDS_IN_MACRO = new RegExp(`${MACRO}$`, "i");
/** The last label is not all digits: it would be an address (RFC 7208 §7.1, `toplabel`). */
const ENDS_IN_LABEL = /\.(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?$/i;

const DOMAIN_REMEDY = "Write a domain name such as _spf.example.net.";

/** Parses an SPF policy (RFC 7208 §4.6, §12); reports every term that receivers would refuse or that does harm. */
export function parseSpf(text: string, report: Report): SpfPolicy {
  const problem = (value: string, message: string, remedy: string): void =>
    report(specIssue("spf", value, message, remedy));
  const [version = "", ...parts] = text.trim().split(/ +/);
  if (version.toLowerCase() !== "v=spf1") {
    problem(text, "does not begin with v=spf1", 'Write a policy such as "v=spf1 mx -all".');
  }
  const terms: string[] = [];
  let all: SpfPolicy["all"] | "+all";
  for (const part of parts) {
    const { qualifier, name, rest } = splitTerm(part);
    if (name === "all" && rest === "") {
      if (all !== undefined) problem(part, "is a second all", "Keep one all, at the end.");
      all = `${qualifier === "" ? "+" : qualifier}all` as NonNullable<typeof all>;
      continue;
    }
    const reason = refusal(qualifier, name, rest);
    if (reason !== undefined) problem(part, reason.message, reason.remedy);
    if (all !== undefined && !rest.startsWith("=")) {
      problem(part, "stands after all, where it is never looked at", "Move it before all.");
    }
    terms.push(`${qualifier}${name}${rest}`);
  }
  auditSet(terms, all, problem);
  return { terms, all: all === "+all" ? undefined : all };
}

/** A term of an SPF record in its parts. */
export interface SpfTerm {
  readonly qualifier: string;
  readonly name: string;
  /** `:domain`, `/24`, `=value` or empty. */
  readonly rest: string;
}

export function splitTerm(term: string): SpfTerm {
  const [, qualifier = "", name = "", rest = ""] = /^([-+~?]?)([a-z][a-z0-9_.-]*|)(.*)$/is.exec(term) ?? [];
  return { qualifier, name: name.toLowerCase(), rest };
}

interface Refusal {
  readonly message: string;
  readonly remedy: string;
}

function refusal(qualifier: string, name: string, rest: string): Refusal | undefined {
  if (rest.startsWith("=")) return modifierRefusal(qualifier, name, rest.slice(1));
  switch (name) {
    case "include":
    case "exists":
      return rest.startsWith(":")
        ? domainRefusal(rest.slice(1))
        : { message: "has no domain", remedy: DOMAIN_REMEDY };
    case "a":
    case "mx":
      return addressRefusal(rest);
    case "ip4":
    case "ip6":
      return networkRefusal(name, rest);
    case "ptr":
      return {
        message: "is slow and unreliable, and receivers may ignore it (RFC 7208 §5.5)",
        remedy: "Name the servers by ip4, ip6, a or mx instead.",
      };
    default:
      return {
        message: "is not a mechanism of SPF, so receivers would refuse the whole record",
        remedy: "Write one of: include, a, mx, ip4, ip6, exists, all.",
      };
  }
}

function modifierRefusal(qualifier: string, name: string, value: string): Refusal | undefined {
  if (qualifier !== "")
    return { message: "is a modifier with a qualifier", remedy: `Remove the ${qualifier}.` };
  if (name === "redirect" || name === "exp") return domainRefusal(value);
  // Unknown modifiers are ignored by receivers (RFC 7208 §6), so that later standards can add some.
  return value === "" || MACRO_STRING.test(value)
    ? undefined
    : { message: "is a modifier with a wrong value", remedy: "Write printable ASCII characters." };
}

function addressRefusal(rest: string): Refusal | undefined {
  const [, domain = "", v4, v6] = /^(:.*?|)(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest) ?? [];
  const badLength = Number(v4 ?? 32) > 32 || Number(v6 ?? 128) > 128;
  if (badLength || (rest !== "" && !/^[:/]/.test(rest)) || (domain === "" && /[^/\d]/.test(rest))) {
    return { message: "has a wrong prefix length", remedy: "Write /0 to /32, and //0 to //128 for IPv6." };
  }
  return domain === "" ? undefined : domainRefusal(domain.slice(1));
}

function networkRefusal(name: "ip4" | "ip6", rest: string): Refusal | undefined {
  const [, address = "", length] = /^:([^/]*)(?:\/(\d+))?$/.exec(rest) ?? [];
  const parsed = parseIpAddress(address);
  const longest = name === "ip4" ? 32 : 128;
  const isAddress = parsed !== undefined && addressType(parsed) === (name === "ip4" ? "A" : "AAAA");
  if (isAddress && (length === undefined || Number(length) <= longest)) return undefined;
  const example = name === "ip4" ? "ip4:192.0.2.0/24" : "ip6:2001:db8::/32";
  return { message: "is not a network", remedy: `Write a network such as ${example}.` };
}

function domainRefusal(domain: string): Refusal | undefined {
  const isDomain = MACRO_STRING.test(domain) && (ENDS_IN_MACRO.test(domain) || ENDS_IN_LABEL.test(domain));
  return isDomain ? undefined : { message: "has no valid domain", remedy: DOMAIN_REMEDY };
}

function auditSet(
  terms: readonly string[],
  all: string | undefined,
  problem: (value: string, message: string, remedy: string) => void,
): void {
  const names = terms.map((term) => splitTerm(term).name);
  const lookups = names.filter((name) => SPF_LOOKUP_TERMS.has(name)).length;
  if (lookups > MAX_SPF_LOOKUPS) {
    problem(
      `${lookups} lookups`,
      `needs more than ${MAX_SPF_LOOKUPS} DNS lookups, so receivers would refuse it (RFC 7208 §4.6.4)`,
      "Replace include, a and mx by ip4 and ip6, or remove services that send no more.",
    );
  }
  for (const name of ["redirect", "exp"]) {
    if (names.filter((one) => one === name).length > 1) {
      problem(name, "stands in the record twice", `Keep one ${name}.`);
    }
  }
  if (all !== undefined && names.includes("redirect")) {
    problem("redirect", "is never looked at beside all (RFC 7208 §6.1)", "Keep one of: redirect, all.");
  }
  if (all === "+all") {
    problem("+all", "lets everybody send in the domain's name", "Write -all or ~all.");
  }
}
