import type { Cell, Column } from "./cell.ts";

const BOX: Pick<Cell, "outcome" | "incoming" | "outgoing" | "username"> = {
  outcome: "configured",
  incoming: "imap box.example.test:993 implicit",
  outgoing: "submission box.example.test:465 implicit",
  username: "alice@example.test",
};
const POX_SOURCE = "https://autodiscover.example.test/autodiscover/autodiscover.xml";
const AUTOCONFIG_SOURCE = "https://autoconfig.example.test/mail/config-v1.1.xml";

/** Thunderbird 153.7 ESR on the wire, 2026-11 (and in its Account Hub, where the table has a column for that). */
export const THUNDERBIRD_COLUMN: Column = {
  "a-autoconfig": { ...BOX, source: AUTOCONFIG_SOURCE },
  "b-wellknown": { ...BOX, source: "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml" },
  "c-pox-any": { ...BOX, source: POX_SOURCE },
  "c-pox-post": { ...BOX, source: POX_SOURCE },
  "c-pox-auth": {
    ...BOX,
    source: POX_SOURCE,
    prompts: [`password ${POX_SOURCE}`],
    passwordSentTo: ["https://autodiscover.example.test"],
  },
  // The redirect's GET with status 200 is taken without a question, though the provider is in another domain.
  "c-pox-redirect": { ...BOX, source: "https://autodiscover.provider.test/autodiscover/autodiscover.xml" },
  "d-srv": { outcome: "manual" },
  "d-srv-autodiscover": { ...BOX, source: "https://pacc.example.test/autodiscover/autodiscover.xml" },
  "e-wild-selfsigned": { outcome: "manual" },
  "e-wild-selfsigned-mail": {
    outcome: "failed",
    incoming: "imap imap.example.test:143 starttls",
    outgoing: "submission smtp.example.test:587 starttls",
    username: "alice",
    source: "guess",
    prompts: ["certificate imap.example.test:143"],
  },
  "e-wild-plus-autoconfig": { ...BOX, source: AUTOCONFIG_SOURCE },
  "e-wild-valid-html": { ...BOX, source: POX_SOURCE },
  "e-apex-wrongname": { ...BOX, source: POX_SOURCE },
  "f-all": { ...BOX, source: AUTOCONFIG_SOURCE },
  "g-nothing": { outcome: "manual" },
  "h-autoconfig-http-only": { ...BOX, source: "http://autoconfig.example.test/mail/config-v1.1.xml" },
  "i-mx-provider": { ...BOX, source: "https://autoconfig.provider.test/mail/config-v1.1.xml" },
};
