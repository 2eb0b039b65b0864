import type { MemoryServer, MemoryTls } from "../clients/memory-world.ts";
import { EVERY_MAIL_PORT } from "../clients/scenarios/scenarios.ts";
import type { SampleInput } from "../spec/sample-domain.ts";
import { afterChange, ourDomain } from "./our-plan.ts";
import { MAIL, MAIL_SERVER, onPorts, scenario, type Scenario } from "./scenario.ts";

/** Our plan for a domain whose mail server is another one. */
function planned(
  title: string,
  mail: MemoryServer,
  mailServer: NonNullable<SampleInput["mailServer"]> = {},
): Scenario {
  const domain = ourDomain({ mx: [{ host: "box.example.test" }], mailServer });
  return afterChange(title, domain, [], { [MAIL]: mail });
}

/** The same with a chain that is not the planned one: the plan, which issues the certificate, cannot know of it. */
function misdeployed(title: string, tls: MemoryTls): Scenario {
  const { planned: _, ...rest } = planned(title, withChain(tls));
  return rest;
}

/** Names that clients guess, and nothing else published. */
function guessed(title: string, mail: MemoryServer): Scenario {
  const names = ["imap", "smtp", "mail", "pop", "pop3"].map((label) => `${label}.example.test A ${MAIL}`);
  return scenario(title, names, { [MAIL]: mail });
}

function withChain(tls: MemoryTls): MemoryServer {
  return { ...MAIL_SERVER, tls };
}

const BLOCKED: MemoryServer = {
  mail: EVERY_MAIL_PORT.map((port) => ({ ...port, isSilent: port.protocol === "submission" })),
};

/** What can be wrong, or unusual, with the mail server. */
export const MAIL_SCENARIOS: readonly Scenario[] = [
  misdeployed("our plan, expired certificate on mail ports", "expired"),
  misdeployed("our plan, certificate of another name on mail ports", "wrong-name"),
  misdeployed("our plan, incomplete chain on mail ports", "incomplete"),
  planned("our plan, POP3 only", onPorts(995, 465, 587), { imap: false, pop3: {} }),
  planned("our plan, STARTTLS only", onPorts(143, 587), {
    imap: { tls: "starttls" },
    submission: { tls: "starttls" },
  }),
  planned("our plan, blocked submission ports", BLOCKED),
  planned("our plan, closed submission ports", onPorts(993, 143)),
  guessed("guessed names, expired certificate", withChain("expired")),
  guessed("guessed names, incomplete chain", withChain("incomplete")),
  guessed("guessed names, self-signed certificate", withChain("self-signed")),
  guessed("guessed names, POP3 only", onPorts(995, 110, 465, 587)),
  guessed("guessed names, STARTTLS only", onPorts(143, 587)),
  guessed("guessed names, blocked submission ports", BLOCKED),
  scenario("SRV to an alias", [
    "_imaps._tcp.example.test SRV 0 1 993 imap.example.test",
    "_submissions._tcp.example.test SRV 0 1 465 smtp.example.test",
    "imap.example.test CNAME box.example.test",
    "smtp.example.test CNAME box.example.test",
  ]),
];

const SPLIT = ["_submissions._tcp.example.test SRV 0 1 465 box.example.test"];

/** One domain as two of its servers tell it: they were not changed together. */
export const SPLIT_SCENARIOS: readonly [Scenario, Scenario] = [
  scenario("split zone, the server with the new records", [
    ...SPLIT,
    "_imaps._tcp.example.test SRV 0 1 993 box.example.test",
  ]),
  scenario("split zone, the server with the old ones", [
    ...SPLIT,
    "_imaps._tcp.example.test SRV 0 1 993 former.example.test",
    `former.example.test A ${MAIL}`,
  ]),
];
