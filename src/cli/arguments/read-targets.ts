import { mailboxOf, type Mailbox } from "../../clients/ladder/discovery.ts";
import type { VerifyTarget } from "../../doctor/verify-domain.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { parseHostName } from "../../spec/host-name.ts";
import { requireDomainFiles } from "../../spec/parse-domain-files.ts";
import type { CliIo } from "../cli-io.ts";
import { readDomainInputs } from "./read-domain-inputs.ts";

/** Any local part gets the same documents; this one exists at every domain (RFC 2142 §5, RFC 5321 §4.5.1). */
const LOCAL_PART = "postmaster";

/** RFC 5321 §4.1.2, with the letters of RFC 6531 §3.3. */
const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~\u{80}-\u{10FFFF}-]+(\.[\w!#$%&'*+/=?^`{|}~\u{80}-\u{10FFFF}-]+)*$/u;
const QUOTED_STRING = /^"([ !#-[\]-~\u{80}-\u{10FFFF}]|\\[ -~])*"$/u;

/**
 * Returns what a command line names: domains in its order, then those of files and folders by name, each once. A domain that
 * has a file is held to it, also where it is named as well.
 *
 * @param address Whose mailbox is set up in its domain.
 * @throws MailAutodiscoverError `usage` for what is neither, `invalid-spec` for a file that is refused
 */
export async function readTargets(
  texts: readonly string[],
  address: string | undefined,
  io: CliIo,
): Promise<readonly VerifyTarget[]> {
  const names = texts.filter((text) => !isPath(text)).map(readDomain);
  const files = await readDomainInputs(texts.filter(isPath), io);
  const specs = new Map(requireDomainFiles(files).map((spec) => [spec.domain, spec]));
  const domains = new Set([...names, ...specs.keys()]);
  if (domains.size === 0) {
    throw new MailAutodiscoverError("usage", "There is no domain to look at.", {
      remedy:
        "Name a domain, a domain file or a folder of them; a file of --junit or --markdown is written with =.",
    });
  }
  const mailbox = address === undefined ? undefined : readMailbox(address, domains);
  return [...domains].map((domain) => ({
    domain,
    spec: specs.get(domain),
    mailbox: mailbox?.domain === domain ? mailbox : mailboxOf(LOCAL_PART, domain),
  }));
}

/** By its form alone: whether a domain is looked at must not depend on a folder of that name. */
function isPath(text: string): boolean {
  if (/^[a-z]+:\/\//i.test(text)) return false;
  return text === "-" || /[/\\]/.test(text) || /\.ya?ml$/i.test(text) || /^\.{1,2}$/.test(text);
}

function readDomain(text: string): string {
  const name = parseHostName(text);
  if (name.ok) return name.value;
  throw new MailAutodiscoverError("usage", `${text} is no domain: ${name.reason}.`, {
    remedy: text.includes("@")
      ? "Write the domain alone, and the mailbox as --address."
      : "Write a domain such as example.com; a folder with a slash, such as ./domains.",
  });
}

function readMailbox(address: string, domains: ReadonlySet<string>): Mailbox {
  const at = address.lastIndexOf("@");
  const domain = parseHostName(address.slice(at + 1));
  const localPart = address.slice(0, Math.max(at, 0));
  const isLocalPart = DOT_STRING.test(localPart) || QUOTED_STRING.test(localPart);
  if (isLocalPart && domain.ok && domains.has(domain.value)) return mailboxOf(localPart, domain.value);
  throw new MailAutodiscoverError("usage", `${address} is no address of a domain that is looked at.`, {
    remedy: "Write an address such as alice@example.com, and name its domain.",
  });
}
