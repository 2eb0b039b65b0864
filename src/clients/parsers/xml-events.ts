/** What a pull parser meets. */
export type XmlEvent =
  | { readonly kind: "start"; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: "end"; readonly name: string }
  /** Without the white space around it; never empty, references not resolved. */
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads a text as a pull parser with few demands does (quick-xml, as Delta Chat uses it): several roots, none at all and
 * elements that are never closed are no error, so that plain text and many a web page pass. Undefined for what is one: an
 * end tag that does not match, a tag that does not end. Elements without content (`<a/>`), comments, CDATA, declarations
 * give no event.
 */
export function readXmlEvents(text: string): readonly XmlEvent[] | undefined {
  const events: XmlEvent[] = [];
  const open: string[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] !== "<") {
      const end = indexOrEnd(text, "<", at);
      const content = text.slice(at, end).trim();
      if (content !== "") events.push({ kind: "text", text: content });
      at = end;
      continue;
    }
    const silent = SILENT.find(({ begin }) => text.startsWith(begin, at));
    const end = silent === undefined ? tagEnd(text, at) : text.indexOf(silent.end, at + silent.begin.length);
    if (end < 0) return undefined;
    if (silent === undefined) {
      const inner = text.slice(at + 1, end);
      if (inner.startsWith("/")) {
        const name = inner.slice(1).trim();
        if (open.pop() !== name) return undefined;
        events.push({ kind: "end", name });
      } else if (!inner.endsWith("/")) {
        const name = /^[^\s]*/.exec(inner)?.[0] ?? "";
        open.push(name);
        events.push({ kind: "start", name, attributes: readAttributes(inner) });
      }
    }
    at = end + (silent?.end.length ?? 1);
  }
  return events;
}

const SILENT: readonly { readonly begin: string; readonly end: string }[] = [
  { begin: "<!--", end: "-->" },
  { begin: "<![CDATA[", end: "]]>" },
  { begin: "<?", end: "?>" },
  { begin: "<!", end: ">" },
];

/** A `>` inside quotes does not end a tag. */
function tagEnd(text: string, from: number): number {
  let quote: string | undefined;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === `"` || character === "'") quote = character;
    else if (character === ">") return at;
  }
  return -1;
}

function readAttributes(tag: string): Readonly<Record<string, string>> {
  const pairs = tag.matchAll(/\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name = "", double, single]) => [name, double ?? single ?? ""]),
  );
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}
