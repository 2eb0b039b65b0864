/**
 * Returns one SPF record that says what both say: theirs, with the terms of ours that it lacks before its end. A name
 * with two SPF records has none at all (RFC 7208 §4.5), so a record that others keep is completed, never doubled. How
 * strict it ends stays the owner's choice. Merging twice changes nothing.
 */
export function mergeSpf(theirs: string, ours: string): string {
  const [their, our] = [parse(theirs), parse(ours)];
  const known = new Set(their.terms.map(canonicalTerm));
  const terms = [...their.terms, ...our.terms.filter((term) => !known.has(canonicalTerm(term)))];
  const redirect = terms.find(isRedirect);
  const end = their.all ?? redirect ?? our.all;
  return ["v=spf1", ...terms.filter((term) => !isRedirect(term)), ...(end === undefined ? [] : [end])].join(
    " ",
  );
}

function parse(text: string): { readonly terms: readonly string[]; readonly all: string | undefined } {
  const parts = text.trim().split(/\s+/).slice(1);
  return { terms: parts.filter((part) => !isAll(part)), all: parts.find(isAll) };
}

function isAll(term: string): boolean {
  return /^[-~?+]?all$/i.test(term);
}

/** `+` is the qualifier that stands where there is none (RFC 7208 §4.6.2). */
function canonicalTerm(term: string): string {
  return term.toLowerCase().replace(/^\+/, "");
}

function isRedirect(term: string): boolean {
  return /^redirect=/i.test(term);
}
