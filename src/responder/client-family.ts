/** What counters call a client: a word of a short list, so that nothing of a request gets into a metric. */
export type ClientFamily =
  | "thunderbird"
  | "thunderbird-android"
  | "outlook"
  | "apple"
  | "evolution"
  | "kmail"
  | "geary"
  | "fairemail"
  | "em-client"
  | "nextcloud"
  | "mailspring"
  | "browser"
  | "other"
  | "none";

/**
 * Parts of `User-Agent`, in lower case, the more particular ones first: Thunderbird says Mozilla as browsers do. Delta
 * Chat sends no header at all.
 */
const FAMILIES: readonly (readonly [part: string, family: ClientFamily])[] = [
  ["k-9", "thunderbird-android"],
  ["thunderbird for android", "thunderbird-android"],
  ["thunderbird", "thunderbird"],
  ["outlook", "outlook"],
  ["microsoft office", "outlook"],
  ["evolution", "evolution"],
  ["kmail", "kmail"],
  ["kio", "kmail"],
  ["geary", "geary"],
  ["fairemail", "fairemail"],
  ["em client", "em-client"],
  ["emclient", "em-client"],
  ["nextcloud", "nextcloud"],
  ["mailspring", "mailspring"],
  ["dataaccessd", "apple"],
  ["accountsd", "apple"],
  ["mozilla/", "browser"],
];

/** Longer than any real header's telling part. */
const LOOKED_AT = 200;

/** Returns the family that a `User-Agent` belongs to. */
export function clientFamily(userAgent: string | undefined): ClientFamily {
  if (userAgent === undefined || userAgent === "") return "none";
  const text = userAgent.slice(0, LOOKED_AT).toLowerCase();
  return FAMILIES.find(([part]) => text.includes(part))?.[1] ?? "other";
}
