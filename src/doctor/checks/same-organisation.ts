import { baseDomain } from "../../clients/ladder/base-domain.ts";

/** True where both names have one registrable domain by the public suffix list, as clients compare them before they ask a person. */
export function isSameOrganisation(one: string, other: string): boolean {
  return organisationOf(one) === organisationOf(other);
}

/** Returns the registrable domain of a name; the last two labels where no public suffix is known, as in a laboratory's `.test`. */
export function organisationOf(name: string): string {
  return baseDomain(name) ?? name.split(".").slice(-2).join(".");
}
