import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element of somebody's document, as strict XML parsers see it. */
export interface XmlNode {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** The element's own text, character references resolved; white space is kept, since some clients do not trim. */
  readonly text: string;
}

const TEXT = "#text";
const ATTRIBUTES = ":@";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // What makes the parser decode character references such as `&#39;`.
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Returns the root of a well-formed document; undefined for anything else. A byte order mark is no fault. */
export function parseXmlTree(text: string): XmlNode | undefined {
  if (parsed.has(text)) return parsed.get(text);
  const root = parse(text);
  parsed.set(text, root);
  if (parsed.size > MOST_PARSED) parsed.delete(parsed.keys().next().value ?? "");
  return root;
}

/** All clients read the same few documents of a domain, and a parsed one never changes. The oldest goes first. */
const parsed = new Map<string, XmlNode | undefined>();
const MOST_PARSED = 64;

function parse(text: string): XmlNode | undefined {
  const xml = text.replace(/^\uFEFF/, "");
  try {
    if (XMLValidator.validate(xml, { allowBooleanAttributes: false }) !== true) return undefined;
    const roots = (parser.parse(xml) as readonly Ordered[]).flatMap(toNode);
    return roots.length === 1 ? roots[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the children of a name; the comparison is exact. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** Returns the text of the first child of a name, as written; undefined where there is none. */
export function textOf(node: XmlNode | undefined, name: string): string | undefined {
  return childrenOf(node, name)[0]?.text;
}

type Ordered = Readonly<Record<string, unknown>>;

function toNode(ordered: Ordered): XmlNode[] {
  const name = Object.keys(ordered).find((key) => key !== ATTRIBUTES);
  if (name === undefined || name === TEXT) return [];
  const content = (ordered[name] as readonly Ordered[] | undefined) ?? [];
  return [
    {
      name,
      attributes: (ordered[ATTRIBUTES] as Readonly<Record<string, string>> | undefined) ?? {},
      children: content.flatMap(toNode),
      text: content.map((part) => (TEXT in part ? (part[TEXT] as string) : "")).join(""),
    },
  ];
}
