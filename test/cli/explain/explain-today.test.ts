import type Cloudflare from "cloudflare";
import { describe, expect, test } from "vitest";
import type { PreloadZone } from "../../../src/dns/preload-zone.ts";
import { deriveClientSettings, renderClientSettings } from "../../../src/documents/client-settings.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import type { ExplanationJson } from "../../../src/doctor/explain/render-explanation-json.ts";
import { emptyZone } from "../../../src/dns/empty-zone.ts";
import { deployedZones } from "../../doctor/planned/deployed-zones.ts";
import { ACCOUNT, runApi, TOKEN, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { fileFolder } from "../file-folder.ts";
import { runCommand, type CommandResult } from "../run-command.ts";

const { file } = fileFolder("cli-explain-today-");

/** What is deployed: the user name is what DNS does not tell. */
const FORMER = sampleDomain({ username: "localPart", mailServer: { addresses: ["203.0.113.25"] } });
const FILE = `domain: example.com
mailServer: { host: mail.example.com, addresses: [203.0.113.25] }
`;
const ENTRY = renderClientSettings(deriveClientSettings(FORMER));
const NAMESPACE = "mail-prod";

/** The zone as the deployment of `FORMER` by the stack `mail/prod` left it. */
function deployed(): PreloadZone {
  const [zone = emptyZone("example.com")] = deployedZones(
    planAgainst({
      domains: [FORMER],
      zones: [emptyZone("example.com")],
      identity: { project: "mail", stack: "prod" },
    }),
  );
  return {
    zone: zone.name,
    records: zone.records.map(({ type, name, content, ttl, proxied, priority, data, comment }) => {
      const fields = { type, name, ttl, proxied, priority, comment };
      return data === undefined ? { ...fields, content } : { ...fields, data };
    }),
    routes: zone.routes.map(({ pattern, script }) => ({ pattern, script })),
  };
}

async function explain(argv: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const path = await file("example.com.yaml", FILE);
  return runCommand(["explain", path, "--json", "--client", "deltachat", "rfc6186", ...argv], { env });
}

/** What the clients that were asked do today, and with which user name. */
function today({ stdout, exitCode }: CommandResult): Record<string, unknown> {
  expect(exitCode).toBe(0);
  const { domains } = JSON.parse(stdout) as ExplanationJson;
  return Object.fromEntries(
    (domains[0]?.clients ?? []).map(({ client, before }) => [client, before?.username ?? before?.outcome]),
  );
}

async function publish({ client }: RunningApi, value: string): Promise<void> {
  const place: Cloudflare.KV.NamespaceCreateParams = { account_id: ACCOUNT, title: NAMESPACE };
  const { id } = await client.kv.namespaces.create(place);
  await client.kv.namespaces.values.update("example.com", {
    account_id: ACCOUNT,
    namespace_id: id,
    value,
  });
}

const TOLD = { deltachat: "alice", rfc6186: "alice@example.com" };
const UNTOLD = { deltachat: "unknown", rfc6186: "alice@example.com" };

describe("what is published today", () => {
  const live = (api: RunningApi): Promise<CommandResult> =>
    explain(["--zone", "live"], { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: api.api.url });

  test("is read with the living zone", async () => {
    await using api = await runApi({ preload: [deployed()] });
    await publish(api, ENTRY);
    const result = await live(api);
    expect(today(result)).toEqual(TOLD);
    expect(result.stderr).not.toContain("not known");
  });

  test("is nothing where the Worker has no namespace", async () => {
    await using api = await runApi({ preload: [deployed()] });
    expect(today(await live(api))).toMatchObject({ deltachat: "alice@example.com" });
  });

  test("is not known where the token may not read it, or another version wrote it", async () => {
    await using api = await runApi({ preload: [deployed()], tokenScopes: { kvRead: false } });
    const refused = await live(api);
    expect(today(refused)).toEqual(UNTOLD);
    expect(refused.stderr).toContain(
      "What documents mail/prod publishes today is not known: the token may not read it (Account / Workers KV Storage / Read). --state FILE",
    );
    await using newer = await runApi({ preload: [deployed()] });
    await publish(newer, ENTRY.replace('"version":1', '"version":2'));
    expect(today(await live(newer))).toEqual(UNTOLD);
  });

  test("is told by no zone file, but by the state, which names the stack as well", async () => {
    const zone = deployed();
    const other = {
      type: "A",
      name: "a",
      content: "192.0.2.1",
      comment: "mail-autodiscover mail/test 00000000",
    };
    const path = await file("zone.json", JSON.stringify([{ ...zone, records: [...zone.records, other] }]));
    const untold = await explain(["--zone", path, "--stack", "mail/prod"]);
    expect(today(untold)).toEqual(UNTOLD);
    expect(untold.stderr).toContain("is not known: a zone does not tell.");
    const type = "cloudflare:index/workersKv:WorkersKv";
    const resource = (name: string, value: string): unknown => ({
      urn: `urn:pulumi:prod::mail::mail-autodiscover:index:Publication$${type}::${name}`,
      type,
      outputs: { keyName: "example.com", value },
    });
    const state = {
      version: 3,
      // An entry of the operator's own is none of a domain.
      deployment: { resources: [resource("example.com/kv", ENTRY), resource("counters", "5")] },
    };
    const told = await explain(["--zone", path, "--state", await file("state.json", JSON.stringify(state))]);
    expect(today(told)).toEqual(TOLD);
    expect(told.stderr).not.toContain("is not known");
  });

  test("is no question where nothing is deployed", async () => {
    const path = await file("zone.json", JSON.stringify([{ zone: "example.com", records: [] }]));
    const { stderr } = await explain(["--zone", path]);
    expect(stderr).not.toContain("is not known");
  });

  test("is not read from what is no state", async () => {
    const path = await file("zone.json", JSON.stringify([deployed()]));
    const { exitCode, stderr } = await explain(["--zone", path, "--state", path]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is no output of "pulumi stack export"');
  });
});
