import { parseXmlTree, type XmlNode } from "../../clients/xml-tree.ts";

/** A value of a property list, as far as profiles need it. */
export type ReadPlist = string | number | boolean | readonly ReadPlist[] | PlistDictionary;

export interface PlistDictionary {
  readonly [key: string]: ReadPlist | undefined;
}

/** Returns the dictionary of an XML property list (PropertyList-1.0.dtd); undefined where the text is none. */
export function readPlist(text: string): PlistDictionary | undefined {
  const root = parseXmlTree(text);
  const [first] = root?.children ?? [];
  if (root?.name !== "plist" || first === undefined) return undefined;
  const value = readValue(first);
  return isDictionary(value) ? value : undefined;
}

/** Returns the payloads of a configuration profile with their type; the profile itself is not among them. */
export function payloadsOf(profile: PlistDictionary): readonly PlistDictionary[] {
  const content = profile["PayloadContent"];
  return Array.isArray(content) ? (content as readonly ReadPlist[]).filter(isDictionary) : [];
}

/** `<real>` and everything else that a profile has no use for stays a text, so that it is seen as no integer. */
function readValue(node: XmlNode): ReadPlist {
  switch (node.name) {
    case "true":
      return true;
    case "false":
      return false;
    case "integer":
      return Number(node.text.trim());
    case "array":
      return node.children.map(readValue);
    case "dict":
      return readDictionary(node);
    default:
      return node.text;
  }
}

function readDictionary({ children }: XmlNode): PlistDictionary {
  const entries = children.flatMap((node, index): [string, ReadPlist][] => {
    const value = children[index + 1];
    return node.name === "key" && value !== undefined ? [[node.text, readValue(value)]] : [];
  });
  return Object.fromEntries(entries);
}

function isDictionary(value: ReadPlist): value is PlistDictionary {
  return typeof value === "object" && !Array.isArray(value);
}
