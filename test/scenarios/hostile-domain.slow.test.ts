/** A domain with which everything is wrong that is rarely looked for, on real servers: the command has to name each of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReportJson } from "../../src/doctor/render-report-json.ts";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { startTinyDns, type TinyDns } from "../certificates/tiny-dns.ts";
import { runCommand } from "../cli/run-command.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, XML } from "../clients/scenarios/documents.ts";
import type { MemoryHandler } from "../clients/memory-world.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";
import { openScenarioCertificates, type ScenarioCertificates } from "./scenario-certificates.ts";
import { HOSTING, MAIL, MAIL_SERVER, PROVIDER, RESPONDER } from "./scenario.ts";
import { startScenario, type RunningScenario } from "./start-scenario.ts";
import { everything401 } from "./web-sites.ts";

const PROFILE = renderMobileconfig(serverSettings(sampleDomain({ domain: "example.test" }))) ?? "";
let downloads = 0;

/** The apex asks for a password where Outlook looks first, and promises https for every name below it. */
const apex: MemoryHandler = (method, path, request) =>
  path === "/"
    ? {
        status: 301,
        headers: {
          location: "https://www.example.test/",
          "strict-transport-security": "max-age=31536000; includeSubDomains",
        },
      }
    : path.startsWith("/autodiscover")
      ? everything401(method, path, request)
      : undefined;

/** Over https only the profile, with identifiers of its own at each download; the document over http alone. */
const autoconfig: MemoryHandler = (_, path) => {
  if (!path.endsWith(".mobileconfig")) return undefined;
  downloads += 1;
  const uuid = `${String(downloads).padStart(8, "0")}-0B0A-4908-8706-050403020100`;
  const body = PROFILE.replace(/(<key>PayloadUUID<\/key>\s*<string>)[^<]*/, `$1${uuid}`);
  return { status: 200, type: "application/x-apple-aspen-config", body };
};

const plainDocument: MemoryHandler = (_, path) =>
  path === AUTOCONFIG_PATH ? { status: 200, type: XML, body: AUTOCONFIG } : undefined;

const challengingPacc: MemoryHandler = () => ({ status: 404, headers: { "www-authenticate": "Negotiate" } });

let certificates: ScenarioCertificates;
let running: RunningScenario;
let memory: TinyDns;
let domain: ReportJson["domains"][number] | undefined;

beforeAll(async () => {
  certificates = await openScenarioCertificates();
  running = await startScenario(
    {
      zones: {
        "example.test": [
          "example.test MX 10 box.example.test",
          `box.example.test A ${MAIL}`,
          `example.test A ${HOSTING}`,
          `autoconfig.example.test A ${RESPONDER}`,
          `ua-auto-config.example.test A ${PROVIDER}`,
          "autodiscover.example.test CNAME autodiscover.gone.test",
          "_imaps._tcp.example.test SRV 0 1 993 box.example.test",
          "_submissions._tcp.example.test SRV 0 1 465 box.example.test",
          "_sieve._tcp.example.test SRV 0 1 4190 box.example.test",
          "example.test TXT v=spf1 include:_spf.gone.test -all",
        ],
        "gone.test": ["gone.test A 192.0.2.1"],
      },
      servers: {
        [HOSTING]: { https: apex },
        [RESPONDER]: { https: autoconfig, http: plainDocument },
        [PROVIDER]: { https: challengingPacc },
        [MAIL]: {
          // A certificate of another name, and nothing at port 25.
          tls: "wrong-name",
          mail: [...(MAIL_SERVER.mail ?? []), { port: 4190, protocol: "sieve", tls: "starttls" }],
        },
      },
    },
    certificates,
  );
  // A cache that still has the exchanger of the former provider.
  memory = await startTinyDns(
    new Map([["example.test/MX", [{ preference: 0, exchange: "mx.provider.example" }]]]),
  );
  const { resolver, authoritative, caFile, connectTo } = running;
  const options = {
    "--resolver": resolver,
    "--authoritative": authoritative,
    "--public-resolver": memory.address,
    "--ca-file": caFile,
    "--timeout": "30s",
  };
  const { stdout } = await runCommand([
    "verify",
    "example.test",
    "--json",
    "--allow-private",
    ...Object.entries(options).flat(),
    ...connectTo.flatMap((rule) => ["--connect-to", rule]),
  ]);
  [domain] = (JSON.parse(stdout) as ReportJson).domains;
}, 120_000);
afterAll(async () => {
  await running.close();
  await memory.close();
  await certificates.close();
});

describe("verify names", () => {
  test.each<[string, RegExp]>([
    [
      "an alias that whoever registers its end takes over",
      /^fail stale-record autodiscover\.example\.test CNAME: autodiscover\.gone\.test does not exist: whoever/,
    ],
    [
      "a cache that holds the former answer",
      /^warn authoritative-servers example\.test MX at 127\.0\.0\.1:\d+: 0 mx\.provider\.example/,
    ],
    [
      "the apex that asks Outlook for the password",
      /^fail apex POST https:\/\/example\.test\/autodiscover.*HTTP 401: asks for a password/,
    ],
    [
      "a promise of https that hides the document",
      /^fail hsts .*includeSubDomains, and the document of autoconfig\.example\.test only over http/,
    ],
    [
      "a challenge without a 401",
      /^fail password-request GET https:\/\/ua-auto-config.*HTTP 404, WWW-Authenticate: Negotiate/,
    ],
    ["a profile with other identifiers each time", /^fail profile .*other identifiers at each download/],
    [
      "an include that is not there",
      /^warn spf .*include:_spf\.gone\.test: no SPF record at _spf\.gone\.test/,
    ],
    [
      "ManageSieve under another name",
      /^fail mail-port sieve box\.example\.test:4190 starttls: certificate of another name/,
    ],
    [
      "an exchanger that takes no connection",
      /^warn exchanger-port smtp box\.example\.test:25 starttls: closed/,
    ],
  ])("%s", (_, line) => {
    const found = (domain?.findings ?? []).map(({ status, code, subject, observed }) => {
      return `${status} ${code} ${subject}: ${observed ?? ""}`;
    });
    expect(found.filter((each) => !each.startsWith("pass"))).toContainEqual(expect.stringMatching(line));
  });

  test("and nothing that it could not look at, but what stands behind the 401", () => {
    const open = (domain?.findings ?? []).filter(({ status, code }) => {
      return code === "internal" || (status === "unknown" && code !== "client-time");
    });
    expect(open).toEqual([]);
  });
});
