import type { XmlNode } from "./xml-tree.ts";

/** Returns an element and all below it, in document order, as readers see them that do not look at the nesting. */
export function xmlElements(node: XmlNode): readonly XmlNode[] {
  return [node, ...node.children.flatMap(xmlElements)];
}
