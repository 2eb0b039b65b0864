import type { ClientName } from "../../../src/clients/ladder/discovery.ts";
import type { ScenarioId } from "./scenarios.ts";

type Sources = Readonly<Partial<Record<ClientName, string>>>;

const AUTOCONFIG = "https://autoconfig.example.test/mail/config-v1.1.xml";
const WELL_KNOWN = "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml";
const HTTP = "http://autoconfig.example.test/mail/config-v1.1.xml";
const POX = "https://autodiscover.example.test/autodiscover/autodiscover.xml";
const SRV = "_imaps._tcp.example.test SRV";

const byAutoconfig: Sources = {
  fairemail: AUTOCONFIG,
  kmail: AUTOCONFIG,
  nextcloud: AUTOCONFIG,
  geary: AUTOCONFIG,
  mailspring: AUTOCONFIG,
};
const byPox: Sources = { fairemail: POX, emclient: POX };
const bySrv: Sources = { fairemail: SRV, emclient: SRV, rfc6186: SRV };

/**
 * Where the clients that nobody watched find their settings, worked out from their sources (reference: the table "Client x
 * mechanism"). One that is not named ends with the form for a person. FairEmail scans the MX host at last: where that is the
 * mail server itself, it finds it.
 */
export const SOURCES: Readonly<Record<ScenarioId, Sources>> = {
  "a-autoconfig": byAutoconfig,
  "b-wellknown": { fairemail: WELL_KNOWN, kmail: WELL_KNOWN, nextcloud: WELL_KNOWN, mailspring: WELL_KNOWN },
  "c-pox-any": byPox,
  "c-pox-post": byPox,
  "c-pox-auth": { fairemail: "guess" },
  // FairEmail does not look at the name in the certificate.
  "c-pox-redirect": { fairemail: POX },
  "d-srv": bySrv,
  "d-srv-autodiscover": bySrv,
  "e-wild-selfsigned": bySrv,
  "e-wild-selfsigned-mail": bySrv,
  "e-wild-plus-autoconfig": byAutoconfig,
  "e-wild-valid-html": byPox,
  "e-apex-wrongname": byPox,
  "f-all": { ...byAutoconfig, ...bySrv },
  "x-evo-echo": byAutoconfig,
  "g-nothing": { fairemail: "guess" },
  "h-autoconfig-http-only": { fairemail: HTTP, kmail: HTTP, nextcloud: HTTP },
  "i-mx-provider": {
    fairemail: "guess",
    nextcloud: "https://autoconfig.provider.test/mail/config-v1.1.xml",
  },
};
