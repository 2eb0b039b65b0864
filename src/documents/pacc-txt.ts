import { createHash } from "node:crypto";

/** Returns the TXT record's text that vouches for the bytes of a PACC document (draft-ietf-mailmaint-pacc). */
export function paccTxt(bytes: string): string {
  return `v=UAAC1; a=sha256; d=${createHash("sha256").update(bytes, "utf8").digest("base64")}`;
}
