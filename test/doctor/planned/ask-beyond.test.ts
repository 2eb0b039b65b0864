import { describe, expect, test } from "vitest";
import type { World } from "../../../src/clients/world/world.ts";
import { askBeyond, askBeyondChange } from "../../../src/doctor/planned/ask-beyond.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../../src/doctor/planned/planned-world.ts";
import { observedRecord, observedZone } from "../../dns/observed-zone.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

/** Answers everything, and keeps what it was asked. */
class Network implements World {
  readonly asked: string[] = [];

  readonly resolve: World["resolve"] = async (name, type) => {
    this.asked.push(`${name} ${type}`);
    return { state: "found", data: ["198.51.100.1"] };
  };

  readonly request: World["request"] = async ({ url }) => {
    this.asked.push(url);
    return { state: "answered", status: 401, headers: {}, body: "", tlsError: undefined, ms: 7 };
  };

  readonly probe: World["probe"] = async ({ host, port }) => {
    this.asked.push(`${host}:${port}`);
    return { outcome: "refused", detail: "nothing listens" };
  };
}

const program = planAgainst({
  domains: [sampleDomain()],
  zones: [
    observedZone([
      observedRecord({ type: "A", name: "*.example.com", content: "192.0.2.80" }),
      observedRecord({ type: "CNAME", name: "moved.example.com", content: "old.example.net" }),
    ]),
  ],
  identity,
});
const today = worldBefore(program);

const get = (url: string): { readonly method: "GET"; readonly url: string } => ({ method: "GET", url });

describe("before a change the network is asked", () => {
  test("for servers of somebody else, for names of other zones, and for the mail server as it is", async () => {
    const network = new Network();
    const world = askBeyond(today, network);
    expect(await world.request(get("https://autodiscover.example.com/"))).toMatchObject({ status: 401 });
    expect(await world.resolve("autoconfig.example.net", "A")).toMatchObject({ data: ["198.51.100.1"] });
    await world.probe({ protocol: "imap", host: "imap.example.com", port: 993, tls: "implicit" });
    expect(network.asked).toEqual([
      "https://autodiscover.example.com/",
      "autoconfig.example.net A",
      "imap.example.com:993",
    ]);
  });

  test("for nothing that the zones tell", async () => {
    const network = new Network();
    const world = askBeyond(today, network);
    await world.resolve("autodiscover.example.com", "A");
    await world.resolve("_imaps._tcp.example.com", "SRV");
    expect(network.asked).toEqual([]);
  });
});

describe("after a change the network is asked", () => {
  test("for hosts that lead to the same place as today, inside the zones and outside", async () => {
    const network = new Network();
    const world = askBeyondChange(worldAfter(program), today, network);
    await world.request(get("https://shop.example.com/"));
    await world.request(get("https://autoconfig.example.net/"));
    await world.resolve("moved.example.com", "A");
    expect(network.asked).toEqual([
      "https://shop.example.com/",
      "https://autoconfig.example.net/",
      "moved.example.com A",
    ]);
  });

  test("for none that the change leads elsewhere: there the network still shows today's", async () => {
    const network = new Network();
    const domain = sampleDomain({ mailServer: { host: "mail.example.net" }, guessNames: ["imap"] });
    const moved = planAgainst({ domains: [domain], zones: program.zones, identity });
    const world = askBeyondChange(worldAfter(moved), worldBefore(moved), network);
    expect(await world.request(get("https://imap.example.com/"))).toMatchObject({ kind: "unknown" });
    expect(network.asked).toEqual([]);
  });
});
