import type { Cell, Column } from "./cell.ts";
import type { ScenarioId } from "./scenarios.ts";

const servers = {
  outcome: "configured",
  incoming: "imap box.example.test:993 implicit",
  outgoing: "submission box.example.test:465 implicit",
  username: "alice@example.test",
} as const;

function found(url: string): Cell {
  return { ...servers, source: `https://${url}` };
}

const nothing: Cell = { outcome: "manual" };
const autoconfig = found("autoconfig.example.test/mail/config-v1.1.xml");
const pox = found("autodiscover.example.test/autodiscover/autodiscover.xml");

/** Delta Chat core 2.57.0, watched 2026-11; nothing that it finds depends on the password, and it asks a person nothing. */
export const DELTACHAT_CELLS: Column = {
  "a-autoconfig": autoconfig,
  "b-wellknown": found("example.test/.well-known/autoconfig/mail/config-v1.1.xml"),
  "c-pox-any": pox,
  "c-pox-post": nothing,
  "c-pox-auth": nothing,
  "c-pox-redirect": nothing,
  "d-srv": nothing,
  "d-srv-autodiscover": nothing,
  "e-wild-selfsigned": nothing,
  "e-wild-selfsigned-mail": nothing,
  "e-wild-plus-autoconfig": autoconfig,
  "e-wild-valid-html": nothing,
  "e-apex-wrongname": pox,
  "f-all": autoconfig,
  "g-nothing": nothing,
  "h-autoconfig-http-only": nothing,
  "i-mx-provider": nothing,
};

/** Where the search ended, although it gave no servers; everywhere else it came to its end. */
export const DELTACHAT_DEAD_ENDS: Readonly<Partial<Record<ScenarioId, string>>> = {
  "e-wild-valid-html":
    "GET https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=alice%40example.test",
};
