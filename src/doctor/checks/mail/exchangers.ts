import { namesHost, readMx } from "../../../clients/ladder/service-records.ts";
import type { MailPortQuestion } from "../../../clients/world/world.ts";
import type { CheckSubject } from "../check.ts";

const SMTP_PORT = 25;

/** Most networks drop port 25 on its way out; a connection around the world is there in a third of this. Milliseconds. */
const SMTP_CONNECT_TIMEOUT_MS = 1000;

/** Some servers greet late on purpose (Postfix's postscreen after 6 s): nobody waits for them. Milliseconds. */
const SMTP_TIMEOUT_MS = 2000;

/** Returns what an exchanger is asked where other servers deliver mail. */
export function smtpQuestion(host: string): MailPortQuestion {
  return {
    protocol: "smtp",
    host,
    port: SMTP_PORT,
    tls: "starttls",
    timeoutMs: SMTP_TIMEOUT_MS,
    connectTimeoutMs: SMTP_CONNECT_TIMEOUT_MS,
  };
}

/** Exchangers beyond these are spares of the same kind. */
const MOST_EXCHANGERS = 3;

/** Returns the domain's most preferred mail exchangers, three at most; empty where it has none, takes no mail, or could not be asked. */
export async function exchangersOf({
  domain,
  world,
}: Pick<CheckSubject, "domain" | "world">): Promise<readonly string[]> {
  const targets = readMx(await world.resolve(domain, "MX"));
  return targets
    .filter(namesHost)
    .slice(0, MOST_EXCHANGERS)
    .map(({ host }) => host);
}
