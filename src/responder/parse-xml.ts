/** An element by its local name: no reader of these requests needs prefixes, attributes or the order of text and children. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The element's own text, character references and CDATA resolved, without white space around it. */
  readonly text: string;
}

/** Real requests have three levels. */
const MAX_DEPTH = 16;

// Each alternative begins with another character, so that a mismatch is found in linear time.
const START_TAG =
  /<(?:[^\s<>/="'&:!?]+:)?([^\s<>/="'&:!?]+)(?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const END_TAG = /<\/(?:[^\s<>/="'&:!?]+:)?([^\s<>/="'&:!?]+)\s*>/y;
const REFERENCE = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
/** Constructs that end with a text of their own; what is in a comment or an instruction does not count. */
const SECTIONS = [
  ["<![CDATA[", "]]>", true],
  ["<!--", "-->", false],
  ["<?", "?>", false],
] as const;

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads a small XML text in linear time; undefined where it is not well-formed enough to be understood: crossed or open
 * elements, text beside the root, a document type or entity declaration, more than 16 levels. A bare `&` stands for
 * itself, because mail programs put addresses into their requests unescaped.
 */
export function parseXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [{ name: "", children: [], text: "" }];
  let at = 0;
  while (at < text.length) {
    const current = open.at(-1);
    if (current === undefined) return undefined;
    const tag = text.indexOf("<", at);
    if (tag !== at) {
      const end = tag === -1 ? text.length : tag;
      current.text += resolve(text.slice(at, end));
      at = end;
      continue;
    }
    const next = text[at + 1];
    const section =
      next === "!" || next === "?" ? SECTIONS.find(([start]) => text.startsWith(start, at)) : undefined;
    if (section !== undefined) {
      const [start, stop, isText] = section;
      const end = text.indexOf(stop, at + start.length);
      if (end === -1) return undefined;
      if (isText) current.text += text.slice(at + start.length, end);
      at = end + stop.length;
      continue;
    }
    const step = next === "/" ? closeElement(text, at, open) : openElement(text, at, open);
    if (step === undefined) return undefined;
    at = step;
  }
  const [document] = open;
  const [root] = document?.children ?? [];
  const isComplete = open.length === 1 && document?.children.length === 1 && document.text.trim() === "";
  return isComplete ? root : undefined;
}

function openElement(text: string, at: number, open: OpenElement[]): number | undefined {
  START_TAG.lastIndex = at;
  const [, name = "", slash] = START_TAG.exec(text) ?? [];
  if (slash === undefined) return undefined;
  if (slash === "/") open.at(-1)?.children.push({ name, children: [], text: "" });
  else if (open.push({ name, children: [], text: "" }) > MAX_DEPTH) return undefined;
  return START_TAG.lastIndex;
}

function closeElement(text: string, at: number, open: OpenElement[]): number | undefined {
  END_TAG.lastIndex = at;
  const name = END_TAG.exec(text)?.[1];
  const closed = open.pop();
  if (closed === undefined || closed.name !== name) return undefined;
  closed.text = closed.text.trim();
  open.at(-1)?.children.push(closed);
  return END_TAG.lastIndex;
}

function resolve(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (all: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
