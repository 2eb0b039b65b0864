import { apple } from "./apple.ts";
import { deltaChat } from "./deltachat.ts";
import type { ClientModel, ClientName } from "./ladder/discovery.ts";
import { emClient } from "./emclient.ts";
import { evolution } from "./evolution/evolution.ts";
import { fairEmail } from "./fairemail/fairemail.ts";
import { geary } from "./geary.ts";
import { kmail } from "./kmail.ts";
import { mailspring } from "./mailspring.ts";
import { nextcloud } from "./nextcloud.ts";
import { outlook } from "./outlook/outlook.ts";
import { outlookCloud } from "./outlook-cloud.ts";
import { pacc } from "./pacc.ts";
import { rfc6186 } from "./rfc6186.ts";
import { thunderbird } from "./thunderbird/thunderbird.ts";
import { thunderbirdAndroid } from "./thunderbird-android.ts";
import { withMailServers } from "./world/with-mail-servers.ts";

/** Every client that is replayed, in the order of reports, up to the connection to the servers that it found. */
export const CLIENTS: readonly ClientModel[] = [
  thunderbird,
  thunderbirdAndroid,
  deltaChat,
  evolution,
  fairEmail,
  kmail,
  nextcloud,
  geary,
  mailspring,
  emClient,
  outlook,
  outlookCloud,
  apple,
  rfc6186,
  pacc,
].map(withMailServers);

/** Returns the model of a client. @throws RangeError for a name that has none */
export function clientModel(name: ClientName): ClientModel {
  const model = CLIENTS.find((client) => client.name === name);
  if (model === undefined) throw new RangeError(`There is no model of ${name}.`);
  return model;
}
