import { closest, distance } from "fastest-levenshtein";
import { CLIENT_NAMES, type ClientName } from "../../clients/ladder/discovery.ts";
import { MailAutodiscoverError } from "../../errors.ts";

/** What people call them. */
const OTHER_SPELLINGS: Readonly<Record<string, ClientName>> = {
  k9: "thunderbird-android",
  "k-9": "thunderbird-android",
  "k-9-mail": "thunderbird-android",
  "thunderbird-desktop": "thunderbird",
  "delta-chat": "deltachat",
  "kde-mail": "kmail",
  "nextcloud-mail": "nextcloud",
  "em-client": "emclient",
  "outlook-classic": "outlook",
  "apple-mail": "apple",
  "rfc-6186": "rfc6186",
};

/**
 * Returns the clients that a command line names, in the order of `CLIENT_NAMES`; capitals, blanks, lists with commas and
 * usual spellings are taken, too.
 *
 * @throws MailAutodiscoverError `usage`, naming the nearest client
 */
export function readClientNames(texts: readonly string[]): readonly ClientName[] {
  const wanted = new Set(texts.flatMap((text) => text.split(",")).map(readClientName));
  return CLIENT_NAMES.filter((name) => wanted.has(name));
}

function readClientName(text: string): ClientName {
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  const name = CLIENT_NAMES.find((known) => known === word) ?? OTHER_SPELLINGS[word];
  if (name !== undefined) return name;
  const near = closest(word, CLIENT_NAMES);
  const isNear = distance(word, near) <= near.length / 3;
  throw new MailAutodiscoverError("usage", `There is no client ${text}.`, {
    remedy: `${isNear ? `Did you mean ${near}? ` : ""}The clients are: ${CLIENT_NAMES.join(", ")}.`,
  });
}
