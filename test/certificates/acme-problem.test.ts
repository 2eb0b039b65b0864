import { expect, test } from "vitest";
import { acmeRateLimited, parseAcmeProblem } from "../../src/certificates/acme-problem.ts";

const URN = "urn:ietf:params:acme:error:rateLimited";
const retryAt = new Date("2026-11-24T00:00:00.000Z");

test("a rate limit says when the next try is possible", () => {
  const problem = parseAcmeProblem({ type: URN, detail: "too many certificates" }, 429);
  const error = acmeRateLimited("order example.test", problem, retryAt);
  expect(error).toMatchObject({ code: "acme-rate-limited", retryAt, retryable: true });
  expect(error.message).toContain("next possible at 2026-11-24T00:00:00.000Z");
  expect(error.remedy).toContain("after 2026-11-24T00:00:00.000Z");
});

test("of a paused name the message and the remedy bear the address where the pause is lifted", () => {
  const url = "https://portal.letsencrypt.org/sfe/v1/unpause?jwt=header.payload.signature";
  const detail = `Your account is temporarily prevented from requesting certificates for example.test and possibly others. Please visit: ${url}`;
  const error = acmeRateLimited("order example.test", parseAcmeProblem({ type: URN, detail }, 429), retryAt);
  expect(error.code).toBe("acme-rate-limited");
  expect(error.message).toContain(url);
  expect(error.remedy).toBe(
    `Correct why validation failed, open ${url} to lift the pause, then run the update again.`,
  );
});
