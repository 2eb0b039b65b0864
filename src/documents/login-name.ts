import type { ClientSettings } from "./client-settings.ts";

/** Returns the user name of a mailbox in the form that the server takes. */
export function loginName({ username }: ClientSettings, address: string): string {
  return username === "address" ? address : address.slice(0, address.lastIndexOf("@"));
}
