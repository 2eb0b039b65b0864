import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

test.each([
  ["v=DMARC1;p=none;", "v=DMARC1; p=none"],
  [
    "v=DMARC1; rua=mailto:a@example.com,mailto:b@example.net; p=reject",
    "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.net",
  ],
  [
    "v=DMARC1; P=quarantine; sp=none; np=reject; adkim=s; aspf=r; t=y; psd=n; fo=1:d; ruf=mailto:f@example.com",
    "v=DMARC1; p=quarantine; sp=none; np=reject; adkim=s; aspf=r; t=y; psd=n; fo=1:d; ruf=mailto:f@example.com",
  ],
])("%s is written with v and p first", (text, written) => {
  expect(sampleDomain({ dmarc: text }).delivery.dmarc).toBe(written);
});

test.each([
  ["p=none; v=DMARC1", "does not begin with v=DMARC1"],
  ["v=dmarc1; p=none", "does not begin with v=DMARC1"],
  ["v=DMARC1", "has no p"],
  ["v=DMARC1; p=block", "wrong value for p"],
  ["v=DMARC1; p=none; sp=x", "wrong value for sp"],
  ["v=DMARC1; p=none; t=1", "wrong value for t"],
  ["v=DMARC1; p=none; rua=dmarc@example.com", "wrong value for rua"],
  ["v=DMARC1; p=none; ruf=https://example.com/", "wrong value for ruf"],
  ["v=DMARC1; p=none; p=reject", "second p"],
  ["v=DMARC1; p=none; policy=x", "not a tag of DMARC"],
  ["v=DMARC1; p=none; none", "not a tag of DMARC"],
  ["v=DMARC1; p=none; toString=x", "not a tag of DMARC"],
])("%s is refused: %s", (dmarc, message) => {
  const messages = issuesOf({ dmarc }).map((issue) => issue.message);
  expect(messages).toContainEqual(expect.stringContaining(message));
});

test.each(["pct=50", "rf=afrf", "ri=3600"])("%s, which RFC 9989 removed, is named", (tag) => {
  const [name] = tag.split("=");
  expect(issuesOf({ dmarc: `v=DMARC1; p=none; ${tag}` })).toMatchObject([
    { path: "dmarc", value: `"${tag}"`, message: `is the tag ${name}, which RFC 9989 removed` },
  ]);
});
