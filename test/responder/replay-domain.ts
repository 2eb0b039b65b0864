import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseDomainFiles } from "../../src/spec/parse-domain-files.ts";

/** A domain that has every document, as its operator would write it. */
export const REPLAY_FILE = `domain: example.com
mailServer:
  host: mail.example.com
  pop3: {}
calDav: https://dav.example.com/calendars/
cardDav: https://dav.example.com/contacts/
jmap: https://jmap.example.com/
languages: [en, de, zh]
mx: [{ host: mail.example.com }]
mtaSts: { mode: testing }
`;

export function replayDomain(): MailDomain {
  const parsed = parseDomainFiles([{ file: "example.com.yaml", text: REPLAY_FILE }]);
  const [domain] = parsed.ok ? parsed.domains : [];
  if (domain === undefined) throw new Error(JSON.stringify(parsed));
  return domain;
}
