/** The situations in which the real clients were watched, each world once; the expected cells stand in `cells-*.ts`. */
import { mailboxOf, type Mailbox } from "../../../src/clients/ladder/discovery.ts";
import {
  memoryWorld,
  type MemoryMailPort,
  type MemoryServer,
  type MemoryWorld,
  type MemoryWorldOptions,
} from "../memory-world.ts";
import {
  anyOf,
  AUTOCONFIG,
  AUTOCONFIG_PATH,
  everythingHtml,
  POX,
  POX_PATH,
  serves,
  WELL_KNOWN_PATH,
} from "./documents.ts";

export const ALICE: Mailbox = mailboxOf("alice", "example.test");

const BOX = "203.0.113.25";
const WEB = "203.0.113.80";
const WRONG = "203.0.113.99";
const PROVIDER = "198.51.100.80";

const autoconfig = serves(AUTOCONFIG_PATH, AUTOCONFIG);
const wellKnown = serves(WELL_KNOWN_PATH, AUTOCONFIG);
const pox = serves(POX_PATH, POX);

/** The right mail server: it is at no name that a client guesses. */
const box: MemoryServer = {
  mail: [
    { port: 993, protocol: "imap", tls: "implicit" },
    { port: 143, protocol: "imap", tls: "starttls" },
    { port: 995, protocol: "pop3", tls: "implicit" },
    { port: 465, protocol: "submission", tls: "implicit" },
    { port: 587, protocol: "submission", tls: "starttls" },
  ],
};

/** Each port that clients know. */
export const EVERY_MAIL_PORT: readonly MemoryMailPort[] = [
  { port: 993, protocol: "imap", tls: "implicit" },
  { port: 143, protocol: "imap", tls: "starttls" },
  { port: 995, protocol: "pop3", tls: "implicit" },
  { port: 110, protocol: "pop3", tls: "starttls" },
  { port: 465, protocol: "submission", tls: "implicit" },
  { port: 587, protocol: "submission", tls: "starttls" },
];

const wrongHost: MemoryServer = { tls: "self-signed", https: everythingHtml, http: everythingHtml };
const wrongHostWithMail: MemoryServer = {
  ...wrongHost,
  mail: EVERY_MAIL_PORT,
};

const MAIL_SRV: readonly string[] = [
  "_imaps._tcp.example.test SRV 0 1 993 box.example.test",
  "_imap._tcp.example.test SRV 0 0 0 .",
  "_pop3s._tcp.example.test SRV 0 1 995 box.example.test",
  "_pop3._tcp.example.test SRV 0 0 0 .",
  "_submissions._tcp.example.test SRV 0 1 465 box.example.test",
  "_submission._tcp.example.test SRV 10 1 587 box.example.test",
];
const WRONG_WILDCARD: readonly string[] = [`example.test A ${WRONG}`, `*.example.test A ${WRONG}`];
const AUTOCONFIG_NAME = `autoconfig.example.test A ${WEB}`;
const AUTODISCOVER_NAME = `autodiscover.example.test A ${WEB}`;

type Place = Pick<MemoryWorldOptions, "servers"> & {
  readonly records: readonly string[];
  readonly mx?: string;
  readonly provider?: readonly string[];
};

function at({ records, mx = "box.example.test", servers, provider = [] }: Place): MemoryWorldOptions {
  return {
    zones: {
      "example.test": [`example.test MX 10 ${mx}`, `box.example.test A ${BOX}`, ...records],
      "provider.test": provider,
    },
    servers: { [BOX]: box, ...servers },
  };
}

/** In the order of the table. */
export const SCENARIO_IDS = [
  "a-autoconfig",
  "b-wellknown",
  "c-pox-any",
  "c-pox-post",
  "c-pox-auth",
  "c-pox-redirect",
  "d-srv",
  "d-srv-autodiscover",
  "e-wild-selfsigned",
  "e-wild-selfsigned-mail",
  "e-wild-plus-autoconfig",
  "e-wild-valid-html",
  "e-apex-wrongname",
  "f-all",
  "x-evo-echo",
  "g-nothing",
  "h-autoconfig-http-only",
  "i-mx-provider",
] as const;

export type ScenarioId = (typeof SCENARIO_IDS)[number];

const wanted: Readonly<Record<ScenarioId, MemoryWorldOptions>> = {
  "a-autoconfig": at({
    records: [AUTOCONFIG_NAME],
    servers: { [WEB]: { https: autoconfig, http: autoconfig } },
  }),
  "b-wellknown": at({
    records: [`example.test A ${WEB}`],
    servers: { [WEB]: { https: wellKnown, http: wellKnown } },
  }),
  "c-pox-any": at({ records: [AUTODISCOVER_NAME], servers: { [WEB]: { https: pox } } }),
  "c-pox-post": at({
    records: [AUTODISCOVER_NAME],
    servers: {
      [WEB]: {
        https: (method, path, request) => (method === "POST" ? pox(method, path, request) : { status: 405 }),
      },
    },
  }),
  "c-pox-auth": at({
    records: [AUTODISCOVER_NAME],
    servers: {
      [WEB]: {
        https: (method, path, request) =>
          path === POX_PATH && request.withPassword !== true
            ? { status: 401, headers: { "www-authenticate": 'Basic realm="mail"' } }
            : pox(method, path, request),
      },
    },
  }),
  "c-pox-redirect": at({
    records: ["autodiscover.example.test CNAME autodiscover.provider.test"],
    provider: [`autodiscover.provider.test A ${PROVIDER}`],
    servers: {
      [PROVIDER]: {
        certificateNames: ["autodiscover.provider.test"],
        https: pox,
        http: () => ({
          status: 302,
          headers: { location: `https://autodiscover.provider.test${POX_PATH}` },
        }),
      },
    },
  }),
  "d-srv": at({ records: MAIL_SRV }),
  "d-srv-autodiscover": at({
    records: [
      ...MAIL_SRV,
      `pacc.example.test A ${WEB}`,
      "_autodiscover._tcp.example.test SRV 0 1 443 pacc.example.test",
    ],
    servers: { [WEB]: { https: pox } },
  }),
  "e-wild-selfsigned": at({ records: [...WRONG_WILDCARD, ...MAIL_SRV], servers: { [WRONG]: wrongHost } }),
  "e-wild-selfsigned-mail": at({
    records: [...WRONG_WILDCARD, ...MAIL_SRV],
    servers: { [WRONG]: wrongHostWithMail },
  }),
  "e-wild-plus-autoconfig": at({
    records: [...WRONG_WILDCARD, AUTOCONFIG_NAME],
    servers: { [WRONG]: wrongHost, [WEB]: { https: autoconfig, http: autoconfig } },
  }),
  "e-wild-valid-html": at({
    records: [...WRONG_WILDCARD, AUTODISCOVER_NAME],
    servers: { [WRONG]: { https: everythingHtml, http: everythingHtml }, [WEB]: { https: pox } },
  }),
  "e-apex-wrongname": at({
    records: [`example.test A ${WRONG}`, AUTODISCOVER_NAME],
    servers: { [WRONG]: { tls: "wrong-name", https: everythingHtml }, [WEB]: { https: pox } },
  }),
  "f-all": at({
    records: [
      `example.test A ${WEB}`,
      AUTOCONFIG_NAME,
      AUTODISCOVER_NAME,
      ...MAIL_SRV,
      "_autodiscover._tcp.example.test SRV 0 1 443 autodiscover.example.test",
    ],
    servers: { [WEB]: { https: anyOf(autoconfig, wellKnown, pox), http: anyOf(autoconfig, wellKnown) } },
  }),
  "x-evo-echo": at({
    records: [AUTOCONFIG_NAME],
    servers: {
      [WEB]: {
        https: serves(AUTOCONFIG_PATH, AUTOCONFIG.replaceAll("%EMAILADDRESS%", "EVOLUTIONUSER@example.test")),
      },
    },
  }),
  "g-nothing": at({ records: [] }),
  "h-autoconfig-http-only": at({
    records: [AUTOCONFIG_NAME],
    servers: { [WEB]: { tls: "none", http: autoconfig } },
  }),
  "i-mx-provider": at({
    records: [],
    mx: "mx1.provider.test",
    provider: [`mx1.provider.test A ${BOX}`, `autoconfig.provider.test A ${PROVIDER}`],
    servers: { [PROVIDER]: { https: autoconfig } },
  }),
};

/** The worlds as data, for other back-ends than {@link memoryWorld}. */
export const OBSERVED_WORLDS: Readonly<Record<ScenarioId, MemoryWorldOptions>> = wanted;

/** Opens a scenario's world anew; `change` makes it another one. */
export function scenarioWorld(
  id: ScenarioId,
  change: (options: MemoryWorldOptions) => MemoryWorldOptions = (options) => options,
): MemoryWorld {
  return memoryWorld(change(wanted[id]));
}
