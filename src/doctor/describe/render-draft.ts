import { Document, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { Draft } from "./draft-domain-file.ts";

/** A longer list or block has a line for each item: lines of a file stay readable in a review. */
const FLOW_WIDTH = 90;

/** Renders a draft as YAML, its notes as comments above the keys that they are about. */
export function renderDraft({ file, notes }: Draft): string {
  const document = new Document(file);
  const { contents } = document;
  if (!isMap(contents)) return String(document);
  for (const [path, lines] of notes) {
    if (path === "") continue;
    const pair = findPair(contents, path.split("."));
    const key = pair?.key;
    if (!isScalar(key)) continue;
    // Several keys that are left out share the block above them.
    key.commentBefore = [key.commentBefore, comment(lines)].filter(Boolean).join("\n");
  }
  for (const pair of contents.items as readonly Pair<Node, Node>[]) compact(pair.value);
  const head = notes.get("") ?? [];
  if (head.length > 0) document.commentBefore = comment(head);
  // A key is pasted from one line; what is short enough for one stands on one by itself.
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function findPair(map: Node, path: readonly string[]): Pair | undefined {
  let current: unknown = map;
  let found: Pair | undefined;
  for (const name of path) {
    if (!isMap(current)) return found;
    const next = current.items.find(({ key }) => isScalar(key) && key.value === name);
    // A note about a key that is left out stands at the block above it.
    if (next === undefined) return found;
    found = next;
    current = next.value;
  }
  return found;
}

/** Small blocks stand on one line: endpoints, exchangers, keys by name. */
function compact(node: Node | null): void {
  if (isSeq(node)) {
    for (const item of node.items as readonly Node[]) compact(item);
    const texts = node.items.map((item) => (isScalar(item) ? String(item.value) : undefined));
    if (texts.every((text) => text !== undefined) && texts.join(", ").length < FLOW_WIDTH) node.flow = true;
    return;
  }
  if (!isMap(node)) return;
  const values = node.items.map(({ value }) => value);
  const isShort =
    node.items.map(({ key, value }) => `${String(key)}: ${String(value)}`).join(", ").length < FLOW_WIDTH;
  const isPlain = values.every((value) => isScalar(value)) && node.items.every(({ key }) => !hasComment(key));
  if (isPlain && isShort) {
    node.flow = true;
    return;
  }
  for (const value of values) compact(value as Node | null);
}

function hasComment(key: unknown): boolean {
  return isScalar(key) && (key.commentBefore ?? "") !== "";
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replaceAll(/[\r\n]+/g, " ")}`).join("\n");
}
