import { expect, test } from "vitest";
import { openRequestMetrics } from "../../../src/adapters/serve/serve-metrics.ts";
import type { CountEvent } from "../../../src/responder/count-event.ts";

const event: CountEvent = {
  domain: "example.com",
  document: "autoconfig",
  family: "thunderbird",
  status: 200,
  hasAuthorization: false,
};

test("metrics are counters in Prometheus' text format", () => {
  const metrics = openRequestMetrics();
  metrics.count(event);
  metrics.count(event);
  metrics.count({ ...event, domain: undefined, document: "other", status: 404, hasAuthorization: true });
  expect(metrics.render())
    .toBe(`# HELP mail_autodiscover_requests_total Requests answered, by domain, document, client family and status.
# TYPE mail_autodiscover_requests_total counter
mail_autodiscover_requests_total{domain="",document="other",client="thunderbird",status="404"} 1
mail_autodiscover_requests_total{domain="example.com",document="autoconfig",client="thunderbird",status="200"} 2
# HELP mail_autodiscover_requests_with_authorization_total Requests that carried credentials, which are never read.
# TYPE mail_autodiscover_requests_with_authorization_total counter
mail_autodiscover_requests_with_authorization_total{domain="",document="other"} 1
`);
});

test("beyond 20,000 series, further domains are counted together", () => {
  const metrics = openRequestMetrics();
  for (let index = 0; index < 20_010; index += 1) metrics.count({ ...event, domain: `d${index}.example` });
  const lines = metrics.render().split("\n");
  expect(lines.filter((line) => line.startsWith("mail_autodiscover_requests_total"))).toHaveLength(20_001);
  expect(metrics.render()).toContain(
    '{domain="*",document="autoconfig",client="thunderbird",status="200"} 10\n',
  );
});
