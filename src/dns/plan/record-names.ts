import type { RecordName } from "../../spec/mail-domain.ts";
import { rivalTypes } from "../comparison/rivals.ts";
import type { WantedRecord } from "../wanted-record.ts";

/** True where an entry of `adopt` or `replace` means a wanted record: its name, and its type or that of one in its way. */
export function namesRecord(entry: RecordName, record: WantedRecord, domain: string): boolean {
  return (
    isNameOf(entry.name, record.name, domain) && [record.type, ...rivalTypes(record)].includes(entry.type)
  );
}

/** A name is written in full, with or without its final dot, or relative to the domain; `@` is the domain itself. */
function isNameOf(text: string, name: string, domain: string): boolean {
  const bare = text.replace(/\.$/, "");
  return bare === "@" ? name === domain : bare === name || `${bare}.${domain}` === name;
}
