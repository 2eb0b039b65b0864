import type { Cell, Column } from "./cell.ts";
import type { ScenarioId } from "./scenarios.ts";

const servers = {
  outcome: "configured",
  incoming: "imap box.example.test:993 implicit",
  outgoing: "submission box.example.test:465 implicit",
  username: "alice@example.test",
} as const;

const services: Cell = { ...servers, source: "_imaps._tcp.example.test SRV" };
const autoconfig: Cell = { ...servers, source: "https://autoconfig.example.test/mail/config-v1.1.xml" };
const nothing: Cell = { outcome: "manual" };
/** The site at the mail domain is asked for calendars, with the password. */
const withSite = { passwordSentTo: ["https://example.test"] } as const;

/** Evolution 3.46.4, watched 2026-11. */
export const EVOLUTION_CELLS: Column = {
  "a-autoconfig": autoconfig,
  "b-wellknown": {
    ...servers,
    source: "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
    ...withSite,
  },
  "c-pox-any": nothing,
  "c-pox-post": nothing,
  "c-pox-auth": nothing,
  "c-pox-redirect": nothing,
  "d-srv": services,
  "d-srv-autodiscover": services,
  "e-wild-selfsigned": services,
  "e-wild-selfsigned-mail": services,
  "e-wild-plus-autoconfig": autoconfig,
  "e-wild-valid-html": { ...nothing, ...withSite },
  "e-apex-wrongname": nothing,
  "f-all": { ...services, ...withSite },
  "x-evo-echo": autoconfig,
  "g-nothing": nothing,
  "h-autoconfig-http-only": {
    ...servers,
    source: "http://autoconfig.example.test/mail/config-v1.1.xml",
  },
  "i-mx-provider": nothing,
};

const FROM_AUTOCONFIG =
  "imapx box.example.test:993 p1000; pop box.example.test:995 p2000; smtp box.example.test:465 p1000";
const FROM_SERVICES =
  "imapx box.example.test:993 p900; pop box.example.test:995 p1900; smtp box.example.test:465 p900; smtp box.example.test:587 p950";

/** The results that it was seen to list, as the table has them: the one of f-all is cut off there. */
export const EVOLUTION_RESULTS: Readonly<Record<ScenarioId, string>> = {
  "a-autoconfig": FROM_AUTOCONFIG,
  "b-wellknown": FROM_AUTOCONFIG,
  "c-pox-any": "",
  "c-pox-post": "",
  "c-pox-auth": "",
  "c-pox-redirect": "",
  "d-srv": FROM_SERVICES,
  "d-srv-autodiscover": FROM_SERVICES,
  "e-wild-selfsigned": FROM_SERVICES,
  "e-wild-selfsigned-mail": FROM_SERVICES,
  "e-wild-plus-autoconfig": FROM_AUTOCONFIG,
  "e-wild-valid-html": "",
  "e-apex-wrongname": "",
  "f-all":
    "imapx box.example.test:993 p900; pop box.example.test:995 p1900; imapx box.example.test:993 p1000; pop box.example.test:995 p2000",
  "x-evo-echo": FROM_AUTOCONFIG,
  "g-nothing": "",
  "h-autoconfig-http-only": FROM_AUTOCONFIG,
  "i-mx-provider": "",
};
