import type { DkimKeyFile } from "./domain-file.ts";
import { parseDnsName } from "./dns-name.ts";
import type { DkimKey } from "./mail-domain.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** An Ed25519 key stands in the record as it is, without a wrapping (RFC 8463 §4). */
const ED25519_OCTETS = 32;
/** First octet of a DER SEQUENCE: an RSA key stands in the record as SubjectPublicKeyInfo or RSAPublicKey. */
const DER_SEQUENCE = 0x30;
/** A 1,024 bit modulus with its wrapping; shorter keys are refused by receivers (RFC 8301 §3.2). */
const RSA_MIN_OCTETS = 140;

/** Parses the DKIM keys of a domain (RFC 6376 §3.6.1); reports what no receiver could use. */
export function parseDkim(keys: readonly DkimKeyFile[], report: Report): readonly DkimKey[] {
  return keys.map((key, index) => {
    const at = (name: keyof DkimKeyFile): readonly PropertyKey[] => ["dkim", index, name];
    const selector = parseSelector(at("selector"), key.selector, report);
    if ((key.cname === undefined) === (key.publicKey === undefined)) {
      const message =
        key.cname === undefined ? "has neither publicKey nor cname" : "has both publicKey and cname";
      report(specIssue(["dkim", index], key.selector, message, "Keep one of: publicKey, cname."));
    }
    if (key.cname !== undefined) {
      const parsed = parseDnsName(key.cname);
      if (parsed.ok && parsed.value.includes(".") && !parsed.value.startsWith("*"))
        return { selector, cname: parsed.value };
      const reason = parsed.ok ? "it is not a full name" : parsed.reason;
      const remedy = "Write the name that the provider gives, such as key1._domainkey.example.net.";
      report(specIssue(at("cname"), key.cname, `is not a name: ${reason}`, remedy));
      return { selector, cname: key.cname };
    }
    return { selector, text: parseKey(at("publicKey"), key.publicKey ?? "", key.keyType ?? "rsa", report) };
  });
}

function parseSelector(path: readonly PropertyKey[], text: string, report: Report): string {
  const parsed = parseDnsName(text);
  if (parsed.ok && !parsed.value.includes("*") && !parsed.value.endsWith("_domainkey")) return parsed.value;
  const reason = parsed.ok ? "it is what stands before ._domainkey" : parsed.reason;
  report(specIssue(path, text, `is not a selector: ${reason}`, "Write labels such as mail or s2026.key1."));
  return text;
}

function parseKey(
  path: readonly PropertyKey[],
  text: string,
  keyType: "rsa" | "ed25519",
  report: Report,
): string {
  if (/^\s*v\s*=/i.test(text)) return parseRecord(path, text, report);
  const key = text.replaceAll(/\s+/g, "");
  const reason = text === "" ? undefined : keyRefusal(key, keyType);
  if (reason !== undefined) report(specIssue(path, text, reason, "Write the public key in base64."));
  return `v=DKIM1; k=${keyType}; p=${key}`;
}

/** A whole record: `v=DKIM1` first, and one `p`, empty where the key is revoked (RFC 6376 §3.6.1). */
function parseRecord(path: readonly PropertyKey[], text: string, report: Report): string {
  const problem = (message: string): void =>
    report(specIssue(path, text, message, 'Write a record such as "v=DKIM1; k=rsa; p=...".'));
  const tags = text
    .trim()
    .replace(/;\s*$/, "")
    .split(";")
    .map((tag) => tag.trim());
  const values = new Map<string, string>();
  for (const tag of tags) {
    const [, name, value = ""] = /^([a-z][a-z0-9_]*)\s*=\s*([\u0020-\u007E]*)$/i.exec(tag) ?? [];
    if (name === undefined) problem(`has a part that is not a tag: ${tag}`);
    else if (values.has(name)) problem(`has the tag ${name} twice`);
    else values.set(name, name === "p" ? value.replaceAll(/\s+/g, "") : value);
  }
  if (tags[0]?.replaceAll(/\s/g, "") !== "v=DKIM1") problem("does not begin with v=DKIM1");
  const keyType = values.get("k") ?? "rsa";
  const key = values.get("p");
  if (key === undefined) problem("has no p, the key");
  else if (key !== "" && (keyType === "rsa" || keyType === "ed25519")) {
    const reason = keyRefusal(key, keyType);
    if (reason !== undefined) problem(reason);
  }
  return [...values].map(([name, value]) => `${name}=${value}`).join("; ");
}

function keyRefusal(key: string, keyType: "rsa" | "ed25519"): string | undefined {
  const octets = fromBase64(key);
  if (octets === undefined) return "is not base64";
  if (keyType === "ed25519") {
    return octets.length === ED25519_OCTETS
      ? undefined
      : `has ${octets.length} octets, an Ed25519 key has ${ED25519_OCTETS} (RFC 8463)`;
  }
  if (octets.charCodeAt(0) !== DER_SEQUENCE) return "is not an RSA public key";
  return octets.length < RSA_MIN_OCTETS ? "is shorter than 1,024 bits (RFC 8301)" : undefined;
}

function fromBase64(text: string): string | undefined {
  const isBase64 = /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i.test(text);
  return isBase64 && text !== "" ? atob(text) : undefined;
}
