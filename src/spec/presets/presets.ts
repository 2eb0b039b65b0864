import type { Preset } from "../preset.ts";
import { cpanel } from "./cpanel.ts";
import { fastmail } from "./fastmail.ts";
import { googleWorkspace } from "./google-workspace.ts";
import { icloud } from "./icloud.ts";
import { infomaniak } from "./infomaniak.ts";
import { mailInABox } from "./mail-in-a-box.ts";
import { mailboxOrg } from "./mailbox-org.ts";
import { mailcow } from "./mailcow.ts";
import { microsoft365 } from "./microsoft365.ts";
import { migadu } from "./migadu.ts";
import { mox } from "./mox.ts";
import { plesk } from "./plesk.ts";
import { proton } from "./proton.ts";
import { stalwart } from "./stalwart.ts";
import { zoho } from "./zoho.ts";

/** Every preset, sorted by name. */
export const PRESETS: readonly Preset[] = [
  cpanel,
  fastmail,
  googleWorkspace,
  icloud,
  infomaniak,
  mailInABox,
  mailboxOrg,
  mailcow,
  microsoft365,
  migadu,
  mox,
  plesk,
  proton,
  stalwart,
  zoho,
];
