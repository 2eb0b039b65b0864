import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { issuesOf } from "./issues-of.ts";

test("what the schema refuses does not hide what is wrong beside it", () => {
  const issues = issuesOf({
    domain: 5,
    mailServer: { host: "mail_server.example.com", imap: [{ port: 0, host: "imap" }] },
    mx: [{ priority: 5 }, { host: "bad host" }],
    dkim: [{ selector: "a", publicKey: "!" }, 7],
    mtaSts: { mode: "on" },
    adopt: ["nothing", 5],
    tlsRpt: "mailto:tls@example.com",
    spf: "v=spf1 ptr -all",
  });
  expect(issues.map(({ path }) => path).toSorted()).toEqual([
    "adopt.0",
    "adopt.1",
    "dkim.1",
    "domain",
    "mailServer.host",
    "mailServer.imap.0.host",
    "mailServer.imap.0.port",
    "mtaSts.mode",
    "mx.0.host",
    "mx.1.host",
    "spf",
    "tlsRpt",
  ]);
});

test("no JSON value makes the parser throw, and a refusal always has an issue", () => {
  const nearMiss = fc.record(
    {
      domain: fc.oneof(fc.constant("example.com"), fc.jsonValue()),
      mailServer: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            host: fc.oneof(fc.domain(), fc.jsonValue()),
            addresses: fc.jsonValue(),
            imap: fc.jsonValue(),
            submission: fc.array(
              fc.record({ port: fc.jsonValue(), tls: fc.jsonValue() }, { requiredKeys: [] }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
      publish: fc.jsonValue(),
      preset: fc.jsonValue(),
      mx: fc.oneof(fc.jsonValue(), fc.array(fc.record({ host: fc.jsonValue(), priority: fc.jsonValue() }))),
      spf: fc.oneof(
        fc.jsonValue(),
        fc.string().map((rest) => `v=spf1 ${rest}`),
      ),
      dmarc: fc.oneof(
        fc.jsonValue(),
        fc.string().map((rest) => `v=DMARC1; p=none; ${rest}`),
      ),
      dkim: fc.array(
        fc.record({ selector: fc.jsonValue(), publicKey: fc.jsonValue() }, { requiredKeys: [] }),
      ),
      calDav: fc.oneof(fc.jsonValue(), fc.webUrl()),
      adopt: fc.jsonValue(),
      certificate: fc.oneof(
        fc.jsonValue(),
        fc.record({ additionalNames: fc.jsonValue(), deployTo: fc.jsonValue() }),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), nearMiss), (input) => {
      const result = parseMailDomain(input);
      return result.ok || result.issues.length > 0;
    }),
    { numRuns: 500 },
  );
});
