import { describe, expect, test } from "vitest";
import type { QueryType, Resolution } from "../../../../src/clients/world/world.ts";
import { checkAuthoritativeServers } from "../../../../src/doctor/checks/names/authoritative-servers.ts";
import type { AuthoritativeView, ServerAnswer } from "../../../../src/doctor/checks/check.ts";
import { foreignSubject, troublesOf } from "../check-subject.ts";

describe("the zone's own servers", () => {
  const found = (...data: readonly string[]): Resolution => ({ state: "found", data });

  /** Two servers that say the same but for one question. */
  async function split(
    one: Resolution,
    other: Resolution,
    type: QueryType = "MX",
  ): Promise<readonly string[]> {
    const ask: AuthoritativeView["ask"] = async (_, __, asked) => [
      { server: "ns1.example.net 192.0.2.1", resolution: asked === type ? one : { state: "absent" } },
      { server: "ns2.example.net 192.0.2.2", resolution: asked === type ? other : { state: "absent" } },
    ];
    return troublesOf(
      checkAuthoritativeServers,
      foreignSubject({ zones: { "example.com": [] } }, { authoritative: { ask } }),
    );
  }

  test("that say two things are a failure that names each with its answer", async () => {
    expect(await split(found("10 mail.example.com"), { state: "absent" })).toEqual([
      "fail authoritative-servers example.com MX: " +
        "ns1.example.net 192.0.2.1: 10 mail.example.com; ns2.example.net 192.0.2.2: none",
    ]);
  });

  test("may give addresses by place and load, and records in any order", async () => {
    expect(await split(found("1 a", "2 b"), found("2 b", "1 a"))).toEqual([]);
    const [addresses] = await split(found("203.0.113.1"), found("203.0.113.2"), "A");
    expect(addresses).toMatch(/^warn authoritative-servers autoconfig/);
    const [missing] = await split(found("203.0.113.1"), { state: "absent" }, "A");
    expect(missing).toMatch(/^fail authoritative-servers autoconfig/);
  });

  test("are compared by the alias that each gives, whether it follows it or not", async () => {
    const followed: Resolution = { ...found("203.0.113.1"), aliases: ["www.example.net"] } as Resolution;
    expect(await split(followed, { state: "absent", aliases: ["www.example.net"] }, "A")).toEqual([]);
  });

  test("of which one stays silent are a warning, and of which all do are unknown", async () => {
    const silence: Resolution = { state: "unknown", reason: "stays silent" };
    const ask = (second: Resolution): AuthoritativeView => ({
      ask: async () => [
        { server: "ns1", resolution: silence },
        { server: "ns2", resolution: second },
      ],
    });
    const look = async (second: Resolution): Promise<readonly string[]> =>
      troublesOf(
        checkAuthoritativeServers,
        foreignSubject({ zones: { "example.com": [] } }, { authoritative: ask(second) }),
      );
    expect(await look({ state: "absent" })).toEqual([
      "warn authoritative-servers name servers of example.com: ns1: stays silent",
    ]);
    expect(await look(silence)).toEqual([
      "unknown authoritative-servers name servers of example.com: ns1: stays silent; ns2: stays silent",
    ]);
  });
});

describe("public resolvers", () => {
  const found = (...data: readonly string[]): Resolution => ({ state: "found", data });

  /** What is said where the zone's server and a resolver answer the question about MX, or another type, so. */
  async function compare(
    zone: Resolution,
    told: Resolution,
    type: QueryType = "MX",
  ): Promise<readonly string[]> {
    const answers = (server: string, resolution: Resolution, asked: QueryType): ServerAnswer[] => [
      { server, resolution: asked === type ? resolution : { state: "absent" } },
    ];
    return troublesOf(
      checkAuthoritativeServers,
      foreignSubject(
        { zones: { "example.com": [] } },
        {
          authoritative: { ask: async (_, __, asked) => answers("ns1.example.net", zone, asked) },
          publicResolvers: { ask: async (_, asked) => answers("192.0.2.53", told, asked) },
        },
      ),
    );
  }

  test("that say what the zone says are right, whatever the order and whoever follows an alias", async () => {
    expect(await compare(found("1 a", "2 b"), found("2 b", "1 a"))).toEqual([]);
    expect(await compare({ state: "absent" }, { state: "absent", isNoName: true })).toEqual([]);
    const alias = { aliases: ["www.example.net"] };
    expect(await compare({ state: "absent", ...alias }, { ...found("203.0.113.1"), ...alias }, "A")).toEqual(
      [],
    );
  });

  test("that remember another answer are a warning with both", async () => {
    expect(await compare(found("10 new.example.com"), found("10 old.example.com"))).toEqual([
      "warn authoritative-servers example.com MX at 192.0.2.53: 10 old.example.com",
    ]);
    // What was not there before is remembered as not being there (RFC 2308).
    const [first] = await compare(found("203.0.113.1"), { state: "absent" }, "A");
    expect(first).toBe("warn authoritative-servers autoconfig.example.com A at 192.0.2.53: none");
  });

  test("may be given addresses by place", async () => {
    expect(await compare(found("203.0.113.1"), found("203.0.113.2"), "A")).toEqual([]);
  });

  test("are not held against a zone whose own servers differ, or stay silent", async () => {
    const silence: Resolution = { state: "unknown", reason: "stays silent" };
    expect((await compare(silence, found("10 mail.example.com"))).join()).not.toContain("192.0.2.53");
  });

  test("that stay silent are told aside", async () => {
    const silence: Resolution = { state: "unknown", reason: "no answer" };
    const subject = foreignSubject(
      { zones: { "example.com": [] } },
      {
        authoritative: { ask: async () => [{ server: "ns1", resolution: { state: "absent" } }] },
        publicResolvers: { ask: async () => [{ server: "192.0.2.53", resolution: silence }] },
      },
    );
    const findings = await checkAuthoritativeServers.run(subject);
    expect(findings.filter(({ status }) => status !== "pass")).toMatchObject([
      { status: "unknown", isAside: true, observed: "192.0.2.53: no answer" },
    ]);
  });

  test("are asked once, while the clients search", async () => {
    const asked: string[] = [];
    const subject = foreignSubject(
      { zones: { "example.com": [] } },
      {
        authoritative: { ask: async () => [] },
        publicResolvers: {
          ask: async (name, type) => {
            asked.push(`${name} ${type}`);
            return [];
          },
        },
      },
    );
    await checkAuthoritativeServers.ahead?.(subject);
    const before = asked.length;
    await checkAuthoritativeServers.run(subject);
    expect([before, asked.length]).toEqual([6, 6]);
  });
});
