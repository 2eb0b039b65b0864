import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { conclude } from "../../src/clients/ladder/conclude.ts";
import { mailboxOf, type ClientModel } from "../../src/clients/ladder/discovery.ts";
import { Trace } from "../../src/clients/ladder/trace.ts";
import type { World } from "../../src/clients/world/world.ts";
import type { Check, CheckSubject } from "../../src/doctor/checks/check.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { verifyDomain, type VerifyTarget, type VerifyTools } from "../../src/doctor/verify-domain.ts";
import { verifyDomains } from "../../src/doctor/verify-domains.ts";
import { requireDomainFiles } from "../../src/spec/parse-domain-files.ts";

const NOW = new Date("2026-11-01T00:00:00Z");

/** A world that keeps what it is asked. */
function listeningWorld(): { readonly world: World; readonly asked: string[] } {
  const asked: string[] = [];
  const world: World = {
    resolve: async (name, type) => {
      asked.push(`${name} ${type}`);
      if (type !== "NS") return { state: "found", data: ["192.0.2.1"] };
      return name.split(".").length === 2 ? { state: "found", data: ["ns.example"] } : { state: "absent" };
    },
    request: async ({ method, url }) => {
      asked.push(`${method} ${url}`);
      return { state: "answered", status: 404, headers: {}, body: "", tlsError: undefined, ms: 5 };
    },
    probe: async ({ host, port }) => {
      asked.push(`${host}:${port}`);
      return { outcome: "refused", detail: "", ms: 1 };
    },
  };
  return { world, asked };
}

/** A client that asks for one document and one port. */
function client(name: ClientModel["name"]): ClientModel {
  return {
    name,
    title: name,
    isBestEffort: false,
    discover: async (mailbox, world) => {
      const trace = Trace.begin(world);
      const url = `https://${mailbox.domain}/`;
      const request = { method: "GET", url, withPassword: name === "outlook" } as const;
      await trace.request("document", request, () => ({ answer: "none", effect: "passed" }));
      const port = { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" } as const;
      await trace.probe("guess", port, () => ({ answer: "closed", effect: "passed" }));
      return conclude(name, trace, mailbox, {});
    },
  };
}

const broken: ClientModel = {
  ...client("kmail"),
  discover: async () => {
    throw new TypeError("x is not a function");
  },
};

const seen: CheckSubject[] = [];
const addresses: Check = {
  name: "addresses",
  run: async (subject) => {
    seen.push(subject);
    const answer = await subject.world.resolve(subject.domain, "A");
    return [{ code: "dns-record", status: "pass", subject: `${subject.domain} A`, observed: answer.state }];
  },
};
const throwing: Check = {
  name: "throwing",
  run: async () => {
    throw new RangeError("no such index");
  },
};

function tools(extra: Partial<VerifyTools> = {}): VerifyTools & { readonly asked: string[] } {
  const { world, asked } = listeningWorld();
  return { world, clients: [], checks: [], now: () => NOW, asked, ...extra };
}

function target(domain: string, extra: Partial<VerifyTarget> = {}): VerifyTarget {
  return { domain, mailbox: mailboxOf("postmaster", domain), ...extra };
}

describe("one domain", () => {
  test("clients and checks ask the world each thing once, and the password makes no other request", async () => {
    const clients = [client("thunderbird"), client("outlook")];
    const given = tools({ clients, checks: [addresses, { ...addresses, name: "again" }] });
    const report = await verifyDomain(target("example.com"), given);
    expect(given.asked.toSorted()).toEqual([
      "GET https://example.com/",
      "example.com A",
      "mail.example.com:993",
    ]);
    expect(report.clients.map((each) => each.client)).toEqual(["thunderbird", "outlook"]);
    expect(report.findings.map(({ status }) => status)).toEqual(["pass", "pass"]);
  });

  test("what a check asks in any case is asked while the clients still search", async () => {
    const url = "https://mta-sts.example.com/.well-known/mta-sts.txt";
    const waiting: Check = { ...addresses, ahead: ({ world }) => world.request({ method: "GET", url }) };
    const asked: string[] = [];
    const patient: ClientModel = {
      ...client("kmail"),
      discover: async (...found) => {
        await sleep(20);
        asked.push(...given.asked);
        return client("kmail").discover(...found);
      },
    };
    const given = tools({ clients: [patient], checks: [waiting] });
    await verifyDomain(target("example.com"), given);
    expect(asked).toEqual([`GET ${url}`]);
  });

  test("what a server says at length is cut in a finding", async () => {
    const run = async (): Promise<Finding[]> => [
      { code: "mx", status: "warn", subject: "example.com MX", observed: "x".repeat(80_000) },
    ];
    const report = await verifyDomain(target("example.com"), tools({ checks: [{ name: "long", run }] }));
    expect(report.findings[0]?.observed).toMatch(/^x{1000}\.\.\. \(80000 characters\)$/);
  });

  test("checks see what each client did, the time, and what is known of the domain", async () => {
    seen.length = 0;
    const options = { workersDevHost: "script.example.workers.dev" };
    const given = tools({ clients: [client("apple")], checks: [addresses] });
    await verifyDomain(target("example.com", { zone: "example.com", options }), given);
    expect(seen[0]).toMatchObject({ domain: "example.com", zone: "example.com", now: NOW, options });
    expect(seen[0]?.discoveries).toMatchObject([{ client: "apple", outcome: "manual" }]);
  });

  test("a check that throws is a defect of ours, told as such, and the others go on", async () => {
    const report = await verifyDomain(target("example.com"), tools({ checks: [throwing, addresses] }));
    expect(report.findings).toEqual<readonly Finding[]>([
      {
        code: "internal",
        status: "unknown",
        subject: "check throwing",
        observed: "a defect of mail-autodiscover: no such index",
        remedy: "Report it with this line and the domain; nothing is known of what it should have looked at.",
      },
      { code: "dns-record", status: "pass", subject: "example.com A", observed: "found" },
    ]);
  });

  test("a client that throws is a defect of ours, and unknown: it may find its settings", async () => {
    const given = tools({ clients: [broken, client("thunderbird")] });
    const report = await verifyDomain(target("example.com"), given);
    expect(report.clients).toMatchObject([
      { client: "kmail", outcome: "unknown", steps: [] },
      { client: "thunderbird", outcome: "manual" },
    ]);
    expect(report.findings).toMatchObject([
      { code: "internal", subject: "client kmail", observed: expect.stringContaining("x is not a function") },
    ]);
  });
});

describe("many domains", () => {
  test("come in the order of the targets, each told as it is done", async () => {
    const done: string[] = [];
    const slowFirst: Check = {
      name: "slow",
      run: async ({ domain }) => {
        await sleep(domain === "a.example" ? 50 : 0);
        return [];
      },
    };
    const targets = ["a.example", "b.example", "c.example"].map((domain) => target(domain));
    const reports = await verifyDomains(targets, tools({ checks: [slowFirst] }), {
      onReport: ({ domain }) => done.push(domain),
    });
    expect(reports.map(({ domain }) => domain)).toEqual(["a.example", "b.example", "c.example"]);
    expect(done).toEqual(["b.example", "c.example", "a.example"]);
  });

  test("share what is asked of names and of mail ports, not documents", async () => {
    const given = tools({ clients: [client("thunderbird")], checks: [addresses] });
    const count = { resolutions: 0, requests: 0, probes: 0 };
    await verifyDomains([target("a.example"), target("b.example")], given, { count });
    expect(given.asked.filter((asked) => asked === "mail.example.com:993")).toHaveLength(1);
    expect(count).toEqual({ resolutions: 4, requests: 2, probes: 1 });
  });

  test("never more at once than allowed", async () => {
    let running = 0;
    let most = 0;
    const counting: Check = {
      name: "counting",
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
        return [];
      },
    };
    const targets = Array.from({ length: 20 }, (_, index) => target(`d${index}.example`));
    await verifyDomains(targets, tools({ checks: [counting] }), { concurrency: 3 });
    expect(most).toBe(3);
  });

  test("each is in the zone that holds it; a mail host's addresses are published by its own domain alone", async () => {
    seen.length = 0;
    const specs = requireDomainFiles([
      { file: "a.yaml", text: "domain: a.example\nmailServer: { host: mail.b.example }\n" },
      { file: "b.yaml", text: "domain: dept.b.example\nmailServer: { host: mail.dept.b.example }\n" },
    ]);
    const targets = [...specs.map((spec) => target(spec.domain, { spec })), target("c.example")];
    await verifyDomains(targets, tools({ checks: [addresses] }));
    const of = (domain: string): CheckSubject | undefined => seen.find((each) => each.domain === domain);
    expect(of("dept.b.example")).toMatchObject({ zone: "b.example", options: { publishAddresses: true } });
    expect(of("a.example")?.options.zones).toEqual(["a.example", "b.example", "c.example"]);
    expect(of("c.example")).toMatchObject({ zone: "c.example", spec: undefined });
  });
});
