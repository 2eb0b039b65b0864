import { createHash } from "node:crypto";
import type { CheckSubject } from "../check.ts";
import { addressesAt, isSameAnswer } from "../web/probe-answer.ts";

/** True where a name below the domain is answered as one that nobody can have made (RFC 4592). */
export async function isCaughtByWildcard(subject: CheckSubject, name: string): Promise<boolean> {
  const { domain, world } = subject;
  const [answer, wildcard] = await Promise.all([
    addressesAt(world, name),
    addressesAt(world, `${randomLabel(subject)}.${domain}`),
  ]);
  return isSameAnswer(answer, wildcard);
}

/** What to do about a stranger at such a name; the owner's wildcard is not touched. */
export function tombstoneRemedy(name: string): string {
  return `Publish a TXT record at ${name}: it ends the wildcard that leads clients there.`;
}

/** The same within one run, so that it costs one question; no name that anybody has. */
export function randomLabel({ domain, now }: Pick<CheckSubject, "domain" | "now">): string {
  return `no-${createHash("sha256").update(`${domain} ${now.getTime()}`).digest("hex").slice(0, 16)}`;
}
