import { describe, expect, test } from "vitest";
import type {
  MailPortQuestion,
  MailPortView,
  QueryType,
  Resolution,
} from "../../../../src/clients/world/world.ts";
import { checkExchangerPorts } from "../../../../src/doctor/checks/mail/exchanger-ports.ts";
import { exitCodeOf } from "../../../../src/doctor/finding.ts";
import { isRight, judgedOf, reportVerdict } from "../../../../src/doctor/report-verdict.ts";
import { verifyDomain } from "../../../../src/doctor/verify-domain.ts";
import { memoryWorld } from "../../../clients/memory-world.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { DAY_MS, foreignSubject, GOOD_PORT, NOW, plannedSubject, troublesOf } from "../check-subject.ts";

const ZONES = {
  "example.test": [
    "example.test MX 10 mx1.example.test",
    "example.test MX 20 mx2.example.test",
    "example.test MX 30 mx.provider.example",
    "mx1.example.test A 203.0.113.25",
    "mx2.example.test A 203.0.113.26",
  ],
};
const BLOCKED: MailPortView = { outcome: "timeout", phase: "connect", detail: "Timed out", ms: 2000 };

type Probe = (question: MailPortQuestion) => MailPortView;

/** What is not right where each exchanger does as `probe` says; `asked` is added to. */
async function look(probe: Probe, asked: MailPortQuestion[] = []): Promise<readonly string[]> {
  const world = {
    probe: async (question: MailPortQuestion) => {
      asked.push(question);
      return probe(question);
    },
  };
  return troublesOf(checkExchangerPorts, foreignSubject({ zones: ZONES }, { world }));
}

/** The same of one exchanger, the mail server of a spec. */
async function lookAtOne(
  view: MailPortView,
  resolve: (name: string, type: QueryType) => Resolution | undefined = () => undefined,
): Promise<readonly string[]> {
  const spec = sampleDomain({ mx: [{ host: "mail.example.com" }] });
  return troublesOf(checkExchangerPorts, plannedSubject(spec, { probe: async () => view, resolve }));
}

describe("port 25 of the domain's exchangers", () => {
  test("is asked where they are the domain's own, with little patience, and never a provider's", async () => {
    const asked: MailPortQuestion[] = [];
    expect(await look(() => GOOD_PORT, asked)).toEqual([]);
    const patience = { timeoutMs: 2000, connectTimeoutMs: 1000 };
    expect(asked).toEqual(
      ["mx1.example.test", "mx2.example.test"].map((host) => {
        return { protocol: "smtp", host, port: 25, tls: "starttls", ...patience };
      }),
    );
    // The spec's mail host is the domain's own, whatever its name.
    const named = { host: "mail.example.net" };
    const spec = sampleDomain({ mailServer: named, mx: [named] });
    const closed = async (): Promise<MailPortView> => ({ outcome: "refused", detail: "" });
    expect(await troublesOf(checkExchangerPorts, plannedSubject(spec, { probe: closed }))).toHaveLength(1);
  });

  test.each<[string, MailPortView, string | undefined]>([
    [
      "no STARTTLS",
      { outcome: "starttls-refused", detail: "502 no" },
      "no STARTTLS: mail comes in the clear (502 no)",
    ],
    [
      "a closed port",
      { outcome: "refused", detail: "ECONNREFUSED" },
      "closed, or refused on the way from here (refused: ECONNREFUSED)",
    ],
    [
      "a self-signed certificate",
      { ...GOOD_PORT, authorized: false, authorizationError: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      "self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)",
    ],
    [
      "another name",
      { ...GOOD_PORT, authorized: false, authorizationError: "ERR_TLS_CERT_ALTNAME_INVALID" },
      "certificate of another name (ERR_TLS_CERT_ALTNAME_INVALID)",
    ],
    [
      "old TLS alone",
      { outcome: "tls-failed", detail: "alert", tlsProtocol: "TLSv1.1" },
      "TLS 1.1 only: many servers send in the clear instead",
    ],
    ["a broken handshake", { outcome: "tls-failed", detail: "bad" }, "tls-failed: bad"],
    [
      "another protocol",
      { outcome: "protocol-error", detail: "Not an SMTP greeting: SSH-2.0-x" },
      "protocol-error: Not an SMTP greeting: SSH-2.0-x",
    ],
    [
      "a private address",
      { outcome: "not-allowed", detail: "10.0.0.1 is no public address" },
      "10.0.0.1 is no public address",
    ],
  ])("%s warns, and never fails", async (_, view, observed) => {
    expect(await lookAtOne(view)).toEqual([
      `warn exchanger-port smtp mail.example.com:25 starttls: ${observed}`,
    ]);
  });

  test("an expired certificate warns, and so does one that is renewed late", async () => {
    const ending = async (days: number): Promise<readonly string[]> => {
      const notAfter = new Date(NOW.getTime() + days * DAY_MS);
      return lookAtOne({ ...GOOD_PORT, certificate: { ...GOOD_PORT.certificate, notAfter } });
    };
    expect((await ending(-1))[0]).toMatch(/^warn exchanger-port .*expired on/);
    expect((await ending(3))[0]).toMatch(/^warn exchanger-port .*3 days left/);
    expect(await ending(60)).toEqual([]);
  });

  test("the issued key is looked for there, too", async () => {
    const spec = sampleDomain({ mx: [{ host: "mail.example.com" }] });
    const options = { expectedKey: () => "ff".repeat(32) };
    expect(await troublesOf(checkExchangerPorts, plannedSubject(spec, {}, { options }))).toEqual([
      "warn exchanger-port smtp mail.example.com:25 starttls: another key (abababababababab...)",
    ]);
  });

  test("a certificate that no CA vouches for is right beside TLSA records", async () => {
    const view = { ...GOOD_PORT, authorized: false, authorizationError: "DEPTH_ZERO_SELF_SIGNED_CERT" };
    const tlsa = await lookAtOne(view, (name, type) =>
      type === "TLSA" && name === "_25._tcp.mail.example.com"
        ? { state: "found", data: ["3 1 1 00"] }
        : undefined,
    );
    expect(tlsa).toEqual([]);
  });
});

describe("what this network hides of it", () => {
  test("is one finding for all exchangers", async () => {
    expect(await look(() => BLOCKED)).toEqual([
      "unknown exchanger-port port 25 of mx1.example.test, mx2.example.test: not to be reached from here " +
        "(timeout: Timed out): most networks block port 25 on its way out",
    ]);
  });

  test("is told from a single exchanger that is silent", async () => {
    expect(await look(({ host }) => (host === "mx1.example.test" ? GOOD_PORT : BLOCKED))).toEqual([
      "unknown exchanger-port port 25 of mx2.example.test: does not answer (timeout: Timed out), though other exchangers do",
    ]);
  });

  test.each<[string, MailPortView, RegExp]>([
    [
      "a server that refuses this network",
      { outcome: "protocol-error", phase: "greeting", detail: "Not an SMTP greeting: 554 5.7.1 no" },
      /does not talk to this network/,
    ],
    [
      "a server that greets late",
      { outcome: "timeout", phase: "greeting", detail: "Timed out" },
      /takes connections, but is slow/,
    ],
  ])("%s", async (_, view, words) => {
    expect((await lookAtOne(view))[0]).toMatch(words);
    expect((await lookAtOne(view))[0]).toMatch(/^unknown /);
  });

  test("changes neither the verdict nor the exit code, and nobody waits for it", async () => {
    const {
      world,
      now: at,
      ...target
    } = foreignSubject({ zones: ZONES }, { world: { probe: async () => BLOCKED } });
    const report = await verifyDomain(target, {
      world,
      clients: [],
      checks: [
        checkExchangerPorts,
        { name: "other", run: async () => [{ code: "mx", status: "pass", subject: "x" }] },
      ],
      now: () => at,
    });
    expect(report.findings).toHaveLength(2);
    expect(reportVerdict(report)).toEqual({
      status: "pass",
      count: { fail: 0, unknown: 0, warn: 0, pass: 1 },
    });
    expect([isRight(report, "fail"), isRight(report, "warn")]).toEqual([true, true]);
    expect([exitCodeOf(judgedOf(report), "fail"), exitCodeOf(judgedOf(report), "warn")]).toEqual([0, 0]);
  });

  test("is waited for while the clients search, not after them", async () => {
    const happened: string[] = [];
    const world = memoryWorld({ zones: ZONES });
    const blocked = Promise.withResolvers<MailPortView>();
    const { now: at, ...target } = foreignSubject({ zones: ZONES });
    await verifyDomain(target, {
      world: {
        ...world,
        probe: async ({ host }) => {
          happened.push(`ask ${host}`);
          return blocked.promise;
        },
      },
      clients: [
        {
          name: "kmail",
          title: "KMail",
          isBestEffort: false,
          discover: async () => {
            // The questions come before the client is done.
            await Promise.resolve();
            while (happened.length < 2) await new Promise((resolve) => setImmediate(resolve));
            happened.push("client done");
            blocked.resolve(BLOCKED);
            throw new Error("not of interest");
          },
        },
      ],
      checks: [checkExchangerPorts],
      now: () => at,
    });
    expect(happened).toEqual(["ask mx1.example.test", "ask mx2.example.test", "client done"]);
  });
});
