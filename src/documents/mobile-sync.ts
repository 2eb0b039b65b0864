import { POX_ERROR, renderAutodiscoverPoxError } from "./autodiscover-pox.ts";

const MOBILE_SYNC_SCHEMA =
  "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

/** True for a request that asks for Exchange ActiveSync (MS-ASCMD §2.2.3.1, `AcceptableResponseSchema`). */
export function asksForMobileSync(responseSchema: string | undefined): boolean {
  return responseSchema?.trim().toLowerCase() === MOBILE_SYNC_SCHEMA;
}

/**
 * Renders the answer to a client that asks for ActiveSync: error 601, no such provider. The error stands in the schema of
 * the frame, not in MobileSync's: that one's `Action` would say that there is a server, which failed. The Outlook
 * document, or 401, would make a phone ask for the password of a service that does not exist.
 */
export function renderMobileSyncError(now: Date): string {
  return renderAutodiscoverPoxError(POX_ERROR.schemaNotProvided, now);
}
