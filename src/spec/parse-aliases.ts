import type { DomainFile } from "./domain-file.ts";
import type { MailDomain } from "./mail-domain.ts";
import { parseHostField } from "./parse-host-field.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Returns the names of `aliases` in A-labels; reports what is no name, the domain itself, and what stands twice. */
export function parseAliasNames(
  aliases: readonly string[],
  domain: string,
  report: Report,
): readonly string[] {
  const names: string[] = [];
  for (const [index, alias] of aliases.entries()) {
    const path = ["aliases", index];
    const name = parseHostField(path, alias, report);
    if (name === domain) {
      report(specIssue(path, alias, "is the domain itself", "Remove it from aliases."));
    } else if (names.includes(name)) {
      report(specIssue(path, alias, "stands in the list twice", "Keep each alias once."));
    }
    names.push(name);
  }
  return names;
}

/**
 * Returns the file of an alias: that of the main domain under another name, with its display names.
 *
 * Records in the way (`adopt`, `replace`) and names to certify are the main domain's own. There are no names for
 * guessing clients, since the mail server's certificate does not name them, and a folder that receives the main
 * domain's certificate holds the alias's in a folder of its name, so that neither overwrites the other.
 */
export function aliasFile(name: string, main: MailDomain, file: DomainFile): DomainFile {
  const { certificate } = file;
  return {
    ...file,
    domain: name,
    displayName: main.displayName,
    displayShortName: main.displayShortName,
    aliases: undefined,
    adopt: undefined,
    replace: undefined,
    guessNames: [],
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            ...certificate,
            additionalNames: undefined,
            deployTo: certificate.deployTo?.map((target) => ({
              ...target,
              directory: `${target.directory.replace(/\/+$/, "")}/${name}`,
            })),
          },
        }),
  };
}
