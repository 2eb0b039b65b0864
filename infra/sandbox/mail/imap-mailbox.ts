/** The commands of a logged-in IMAP client over an account that has one mailbox, INBOX, always empty. */
import type { ImapValue } from "./imap-command.ts";
import type { MailUser } from "./mail-users.ts";

export interface MailboxState {
  user: MailUser | undefined;
  /** INBOX is selected. */
  selected: boolean;
}

const FLAGS = String.raw`(\Answered \Flagged \Deleted \Seen \Draft)`;
/** Nothing ever changes, so neither do these. */
const UID_VALIDITY = 1;

const STATUS_ITEMS: Readonly<Record<string, number>> = {
  MESSAGES: 0,
  RECENT: 0,
  UIDNEXT: 1,
  UIDVALIDITY: UID_VALIDITY,
  UNSEEN: 0,
};

/** Returns the whole answer, untagged lines included; changes `state.selected` alone. */
export function answerMailboxCommand(
  state: MailboxState,
  tag: string,
  name: string,
  args: readonly ImapValue[],
): string {
  const ok = (...untagged: string[]): string => [...untagged, `${tag} OK Done`, ""].join("\r\n");
  const bad = (problem: string): string => `${tag} BAD ${problem}\r\n`;
  const no = (problem: string): string => `${tag} NO ${problem}\r\n`;
  switch (name) {
    case "NAMESPACE":
      // RFC 2342: personal, others', shared.
      return ok('* NAMESPACE (("" "/")) NIL NIL');
    case "LIST":
    case "LSUB": {
      const [reference, pattern] = args;
      if (typeof reference !== "string" || typeof pattern !== "string") return bad("Expected two strings");
      if (pattern === "") return ok(String.raw`* ${name} (\Noselect) "/" ""`);
      return matchesInbox(reference + pattern) ? ok(String.raw`* ${name} (\HasNoChildren) "/" INBOX`) : ok();
    }
    case "SELECT":
    case "EXAMINE": {
      state.selected = false;
      if (typeof args[0] !== "string") return bad("Expected a mailbox");
      if (!isInbox(args[0])) return no("[NONEXISTENT] No such mailbox");
      state.selected = true;
      return [
        `* FLAGS ${FLAGS}`,
        "* 0 EXISTS",
        "* 0 RECENT",
        `* OK [PERMANENTFLAGS ${name === "SELECT" ? FLAGS : "()"}] Flags`,
        `* OK [UIDVALIDITY ${String(UID_VALIDITY)}] UIDs valid`,
        "* OK [UIDNEXT 1] Next UID",
        `${tag} OK [${name === "SELECT" ? "READ-WRITE" : "READ-ONLY"}] Done`,
        "",
      ].join("\r\n");
    }
    case "STATUS": {
      const [mailbox, items] = args;
      if (typeof mailbox !== "string" || !Array.isArray(items)) return bad("Expected a mailbox and a list");
      if (!isInbox(mailbox)) return no("[NONEXISTENT] No such mailbox");
      const wanted = items.map((item) => String(item).toUpperCase());
      const unknown = wanted.find((item) => STATUS_ITEMS[item] === undefined);
      if (unknown !== undefined) return bad("Unknown status item");
      return ok(
        `* STATUS INBOX (${wanted.map((item) => `${item} ${String(STATUS_ITEMS[item])}`).join(" ")})`,
      );
    }
    case "SUBSCRIBE":
    case "UNSUBSCRIBE":
      return typeof args[0] === "string" && isInbox(args[0]) ? ok() : no("[NONEXISTENT] No such mailbox");
    case "CREATE":
    case "DELETE":
    case "RENAME":
    case "APPEND":
      return no("[CANNOT] The sandbox keeps an empty INBOX and nothing else");
    default:
  }
  if (!SELECTED_COMMANDS.has(name)) return bad("Unknown command");
  if (!state.selected) return bad("Select a mailbox first");
  switch (name) {
    case "CLOSE":
    case "UNSELECT":
      state.selected = false;
      return ok();
    case "SEARCH":
    case "UID SEARCH":
      return ok("* SEARCH");
    case "FETCH":
    case "STORE":
    case "COPY":
      // RFC 3501 §9, seq-number: a number beyond EXISTS is an error, and an empty mailbox has none. UIDs are silently absent.
      return bad("No such message");
    default:
      return ok();
  }
}

const SELECTED_COMMANDS = new Set([
  "CHECK",
  "CLOSE",
  "UNSELECT",
  "EXPUNGE",
  "SEARCH",
  "FETCH",
  "STORE",
  "COPY",
  "UID SEARCH",
  "UID FETCH",
  "UID STORE",
  "UID COPY",
]);

function isInbox(mailbox: string): boolean {
  return mailbox.toUpperCase() === "INBOX";
}

/** RFC 3501 §6.3.8: `*` matches anything, `%` anything but the delimiter. */
function matchesInbox(pattern: string): boolean {
  const source = pattern
    .toUpperCase()
    .split(/([*%])/)
    .map((part) =>
      part === "*" || part === "%" ? ".*" : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join("")
    .replaceAll(/(?:\.\*)+/g, ".*");
  return new RegExp(`^${source}$`).test("INBOX");
}
