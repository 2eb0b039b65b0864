import type { Endpoint, HttpService } from "../spec/mail-domain.ts";
import type { ServerSettings } from "./client-settings.ts";
import { implicitEndpoint } from "./implicit-endpoint.ts";
import { loginName } from "./login-name.ts";
import { renderPlist, type PlistValue } from "./plist.ts";
import { serviceUrl } from "./service-url.ts";
import { uuidV5 } from "./uuid-v5.ts";

export interface MobileconfigOptions {
  /** The mailbox; without it the device asks for address and user name, so that one profile serves the whole domain. */
  readonly address?: string | undefined;
}

type Payload = Readonly<Record<string, PlistValue | undefined>>;

/**
 * Renders Apple's configuration profile, unsigned: mail (IMAP, POP3 where there is no IMAP), calendar and address book
 * (github.com/apple/device-management, `com.apple.mail.managed` and its siblings, verified 2026-11-23).
 *
 * Undefined where the server has no implicit TLS both for reading and for sending: the format has no word for STARTTLS, and
 * `UseSSL` without it would leave the device to send the password in the clear.
 */
export function renderMobileconfig(
  settings: ServerSettings,
  options: MobileconfigOptions = {},
): string | undefined {
  const mail = mailPayload(settings, options);
  if (mail === undefined) return undefined;
  const { address } = options;
  const { calDav, cardDav, displayName } = settings;
  const username = address === undefined ? undefined : loginName(settings, address);
  return renderPlist({
    ...head(settings, options, "Configuration", ""),
    PayloadDisplayName: displayName,
    PayloadDescription: address ?? settings.domain,
    PayloadOrganization: displayName,
    PayloadContent: [
      mail,
      ...(calDav === undefined
        ? []
        : [
            {
              ...head(settings, options, "com.apple.caldav.account", "caldav"),
              ...davKeys("CalDAV", displayName, calDav, username),
            },
          ]),
      ...(cardDav === undefined
        ? []
        : [
            {
              ...head(settings, options, "com.apple.carddav.account", "carddav"),
              ...davKeys("CardDAV", displayName, cardDav, username),
            },
          ]),
    ],
  });
}

function mailPayload(settings: ServerSettings, options: MobileconfigOptions): Payload | undefined {
  const imap = implicitEndpoint(settings, "imap");
  const incoming = imap ?? implicitEndpoint(settings, "pop3");
  const outgoing = implicitEndpoint(settings, "submission");
  if (incoming === undefined || outgoing === undefined) return undefined;
  const { address } = options;
  const username = address === undefined ? undefined : loginName(settings, address);
  return {
    ...head(settings, options, "com.apple.mail.managed", "mail"),
    EmailAccountType: imap === undefined ? "EmailTypePOP" : "EmailTypeIMAP",
    EmailAccountDescription: settings.displayName,
    EmailAddress: address,
    ...serverKeys("Incoming", incoming, username),
    ...serverKeys("Outgoing", outgoing, username),
    OutgoingPasswordSameAsIncomingPassword: true,
  };
}

function serverKeys(
  direction: "Incoming" | "Outgoing",
  { host, port }: Endpoint,
  username: string | undefined,
): Payload {
  const prefix = `${direction}MailServer`;
  return {
    [`${prefix}HostName`]: host,
    [`${prefix}PortNumber`]: port,
    [`${prefix}UseSSL`]: true,
    [`${prefix}Authentication`]: "EmailAuthPassword",
    [`${prefix}Username`]: username,
  };
}

/** The principal URL is given where the context path is no guess: a device tries the host's well-known path by itself. */
function davKeys(
  prefix: "CalDAV" | "CardDAV",
  description: string,
  service: HttpService,
  username: string | undefined,
): Payload {
  return {
    [`${prefix}AccountDescription`]: description,
    [`${prefix}HostName`]: service.host,
    [`${prefix}Port`]: service.port,
    [`${prefix}UseSSL`]: true,
    [`${prefix}PrincipalURL`]: service.path === "/" ? undefined : serviceUrl(service),
    [`${prefix}Username`]: username,
  };
}

/**
 * The keys that every payload begins with. Identifier and UUID never change for a domain, or for an address: a profile
 * that is installed again takes the place of the former one, instead of making a second account.
 */
function head(
  { domain }: ServerSettings,
  { address }: MobileconfigOptions,
  type: string,
  part: string,
): Payload {
  const owner = address === undefined ? "" : `?address=${encodeURIComponent(address)}`;
  const uuid = (fragment: string): string =>
    uuidV5(`https://autoconfig.${domain}/mobileconfig${owner}#${fragment}`);
  const labels = [
    ...domain.split(".").toReversed(),
    "mail-autodiscover",
    ...(address === undefined ? [] : [uuid("")]),
    ...(part === "" ? [] : [part]),
  ];
  return {
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: labels.join("."),
    PayloadUUID: uuid(part),
  };
}
