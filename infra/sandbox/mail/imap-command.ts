/** One IMAP command line, taken apart (RFC 3501 §9). Literals have been read before and stand as bytes in `literals`. */

export interface ImapCommand {
  readonly tag: string;
  /** Upper case; `UID FETCH` and its siblings as one word pair. */
  readonly name: string;
  readonly args: readonly ImapValue[];
}

/** An atom, a string (decoded from UTF-8), or a parenthesised list. */
export type ImapValue = string | readonly ImapValue[];

/** What a malformed line is answered with: `tag` is `*` where not even that could be read. */
export interface ImapSyntaxError {
  readonly tag: string;
  readonly problem: string;
}

/** A literal's announcement at the end of a line: `{12}`, or `{12+}`, which waits for no continuation (RFC 7888). */
export function parseLiteral(line: string): { readonly bytes: number; readonly waits: boolean } | undefined {
  const match = /\{(\d{1,10})(\+?)\}$/.exec(line);
  return match === null ? undefined : { bytes: Number(match[1]), waits: match[2] === "" };
}

const TAG = /^[^\s(){%*"\\+\p{Cc}]{1,64}(?= |$)/u;
/** With the sections of FETCH, `BODY[HEADER.FIELDS (DATE)]`, which hold spaces and parentheses. */
const ATOM = /^(?:[^\s()[{"\\\p{Cc}\u0080-\u00ff]|\[[^\]\p{Cc}]*\])+/u;
const QUOTED = /^"((?:[^"\\\r\n\0]|\\["\\])*)"/;
const DEPTH_LIMIT = 8;

/** Parses the segments of a command: line, literal, line, literal, ... in the order they came. */
export function parseImapCommand(
  lines: readonly string[],
  literals: readonly Buffer[],
): ImapCommand | ImapSyntaxError {
  const tag = TAG.exec(lines[0] ?? "")?.[0];
  if (tag === undefined) return { tag: "*", problem: "Missing or invalid tag" };
  const cursor = { lines: [...lines], literals: [...literals] };
  cursor.lines[0] = (lines[0] ?? "").slice(tag.length);
  try {
    const values: ImapValue[] = [];
    while (!isAtEnd(cursor)) {
      expectText(cursor, " ");
      values.push(readValue(cursor, 0));
    }
    const [first, ...rest] = values;
    if (typeof first !== "string" || !/^[A-Za-z]+$/.test(first)) return { tag, problem: "Missing command" };
    const name = first.toUpperCase();
    if (name !== "UID") return { tag, name, args: rest };
    const [second, ...others] = rest;
    if (typeof second !== "string") return { tag, problem: "UID needs a command" };
    return { tag, name: `UID ${second.toUpperCase()}`, args: others };
  } catch (error) {
    return { tag, problem: error instanceof Error ? error.message : "Malformed command" };
  }
}

export function isSyntaxError(parsed: ImapCommand | ImapSyntaxError): parsed is ImapSyntaxError {
  return "problem" in parsed;
}

interface Cursor {
  readonly lines: string[];
  readonly literals: Buffer[];
}

function isAtEnd(cursor: Cursor): boolean {
  return cursor.lines.length === 1 && (cursor.lines[0] ?? "").trimEnd() === "";
}

function expectText(cursor: Cursor, text: string): void {
  if (!(cursor.lines[0] ?? "").startsWith(text)) throw new Error(`Expected ${JSON.stringify(text)}`);
  cursor.lines[0] = (cursor.lines[0] ?? "").slice(text.length);
}

function readValue(cursor: Cursor, depth: number): ImapValue {
  const line = cursor.lines[0] ?? "";
  if (line.startsWith("(")) return readList(cursor, depth);
  const quoted = QUOTED.exec(line);
  if (quoted !== null) {
    cursor.lines[0] = line.slice(quoted[0].length);
    return decode((quoted[1] ?? "").replaceAll(/\\(.)/g, "$1"));
  }
  if (/^\{\d+\+?\}$/.test(line)) {
    const literal = cursor.literals.shift();
    if (literal === undefined) throw new Error("Literal without data");
    cursor.lines.shift();
    return literal.toString("utf8");
  }
  // `\` starts the flags of STORE and APPEND.
  const atom = ATOM.exec(line.startsWith("\\") ? line.slice(1) : line);
  if (atom === null) throw new Error("Malformed argument");
  const length = atom[0].length + (line.startsWith("\\") ? 1 : 0);
  cursor.lines[0] = line.slice(length);
  return line.slice(0, length);
}

function readList(cursor: Cursor, depth: number): readonly ImapValue[] {
  if (depth >= DEPTH_LIMIT) throw new Error("Lists are nested too deeply");
  expectText(cursor, "(");
  const values: ImapValue[] = [];
  while (!(cursor.lines[0] ?? "").startsWith(")")) {
    if (values.length > 0) expectText(cursor, " ");
    values.push(readValue(cursor, depth + 1));
  }
  expectText(cursor, ")");
  return values;
}

function decode(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}
