import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";

/** Where the servers of the world listen, all of them on loopback. */
export interface VerifyWorldPlaces {
  /** `ip:port`. */
  readonly resolver: string;
  readonly authoritative: string;
  readonly host: string;
  /** Of every host, by the port that clients use. */
  readonly ports: Readonly<Record<number, number>>;
  readonly rootPem: string;
}

/** The mail host of all domains, as at a provider. */
export const MAIL_HOST = "mail.provider.test";

/** The file of the domain of a number. */
export function verifyDomainFile(index: number): MailDomain {
  const parsed = parseMailDomain({
    domain: `d${index}.test`,
    mailServer: { host: MAIL_HOST },
    mx: [{ host: MAIL_HOST }],
    spf: "v=spf1 mx -all",
    dmarc: "v=DMARC1; p=reject",
  });
  if (!parsed.ok) throw new RangeError(`The file of domain ${index} is refused.`);
  return parsed.domain;
}
