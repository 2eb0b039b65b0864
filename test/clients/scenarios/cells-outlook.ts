import type { Cell, Column } from "./cell.ts";

const BOX: Pick<Cell, "outcome" | "incoming" | "outgoing" | "username"> = {
  outcome: "configured",
  incoming: "imap box.example.test:993 implicit",
  outgoing: "submission box.example.test:465 implicit",
  username: "alice@example.test",
};
const POX_SOURCE = "https://autodiscover.example.test/autodiscover/autodiscover.xml";
const TWO_ALERTS: Cell = {
  outcome: "manual",
  prompts: ["certificate example.test", "certificate autodiscover.example.test"],
};

/** A script after MS-OXDISCO on the wire, not the product, 2026-11. */
export const OUTLOOK_COLUMN: Column = {
  "a-autoconfig": { outcome: "manual" },
  "b-wellknown": { outcome: "manual" },
  "c-pox-any": { ...BOX, source: POX_SOURCE },
  "c-pox-post": { ...BOX, source: POX_SOURCE },
  "c-pox-auth": { ...BOX, source: POX_SOURCE, passwordSentTo: ["https://autodiscover.example.test"] },
  "c-pox-redirect": {
    ...BOX,
    source: "https://autodiscover.provider.test/autodiscover/autodiscover.xml",
    prompts: [
      "certificate autodiscover.example.test",
      "redirect https://autodiscover.provider.test/autodiscover/autodiscover.xml",
    ],
  },
  "d-srv": { outcome: "manual" },
  "d-srv-autodiscover": {
    ...BOX,
    source: "https://pacc.example.test/autodiscover/autodiscover.xml",
    prompts: ["redirect https://pacc.example.test/autodiscover/autodiscover.xml"],
  },
  "e-wild-selfsigned": TWO_ALERTS,
  "e-wild-selfsigned-mail": TWO_ALERTS,
  "e-wild-plus-autoconfig": TWO_ALERTS,
  // The page of the apex is the document that the script warned of: everywhere else POX came as text/xml without a warning.
  "e-wild-valid-html": {
    ...BOX,
    source: POX_SOURCE,
    prompts: ["document https://example.test/autodiscover/autodiscover.xml"],
  },
  "e-apex-wrongname": { ...BOX, source: POX_SOURCE, prompts: ["certificate example.test"] },
  "f-all": { ...BOX, source: "https://example.test/autodiscover/autodiscover.xml" },
  "g-nothing": { outcome: "manual" },
  "h-autoconfig-http-only": { outcome: "manual" },
  "i-mx-provider": { outcome: "manual" },
};
