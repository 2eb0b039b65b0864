/**
 * What each mail client sends to example.com's names, for alice@example.com, and what it has to get. Written after the
 * clients' sources and after what they were seen to send, in their order.
 */
import { OUTLOOK_RESPONSE_SCHEMA } from "../../src/documents/autodiscover-pox.ts";
import { poxRequest } from "./memory-responder.ts";

export interface ClientRequest {
  readonly client: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The request target on the wire is the whole URL. */
  readonly isAbsoluteForm?: boolean;
  readonly expected: ExpectedAnswer;
}

export interface ExpectedAnswer {
  readonly status: number;
  readonly type?: string;
  readonly location?: string;
  readonly contains?: string;
  readonly lacks?: string;
}

const XML = "text/xml; charset=utf-8";
const AUTOCONFIG: ExpectedAnswer = {
  status: 200,
  type: XML,
  contains: "<username>%EMAILADDRESS%</username>",
};
const POX: ExpectedAnswer = { status: 200, type: XML, contains: "<LoginName>alice@example.com</LoginName>" };
const POX_BY_GET: ExpectedAnswer = {
  status: 200,
  type: XML,
  contains: "<Server>mail.example.com</Server>",
  lacks: "LoginName",
};
const NO_PROVIDER: ExpectedAnswer = { status: 200, type: XML, contains: "<ErrorCode>601</ErrorCode>" };
const NOT_FOUND: ExpectedAnswer = { status: 404, type: "text/plain; charset=utf-8" };

const HOST = "https://autoconfig.example.com/mail/config-v1.1.xml";
const WELL_KNOWN = "https://example.com/.well-known/autoconfig/mail/config-v1.1.xml";
const ADDRESS = "?emailaddress=alice%40example.com";
const POX_PATHS = [
  "https://autodiscover.example.com/autodiscover/autodiscover.xml",
  "https://example.com/autodiscover/autodiscover.xml",
] as const;
const MOBILE_SYNC = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

const THUNDERBIRD = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0",
};
const OUTLOOK = {
  "user-agent": "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)",
  "content-type": "text/xml",
};
const request = poxRequest("alice@example.com");

function get(
  client: string,
  headers: Readonly<Record<string, string>>,
  expected: ExpectedAnswer,
  ...urls: readonly string[]
): ClientRequest[] {
  return urls.map((url) => ({ client, method: "GET", url, headers, expected }));
}

/** Over http, the same place over https is told. */
function getByHttp(
  client: string,
  headers: Readonly<Record<string, string>>,
  ...urls: readonly string[]
): ClientRequest[] {
  return urls.map((url) => ({
    client,
    method: "GET",
    url: url.replace("https:", "http:"),
    headers,
    expected: { status: 301, location: url },
  }));
}

function post(
  client: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  expected: ExpectedAnswer,
  ...urls: readonly string[]
): ClientRequest[] {
  return urls.map((url) => ({ client, method: "POST", url, headers, body, expected }));
}

export const CLIENT_REQUESTS: readonly ClientRequest[] = [
  ...get("Thunderbird", THUNDERBIRD, AUTOCONFIG, HOST + ADDRESS, WELL_KNOWN + ADDRESS),
  ...getByHttp("Thunderbird", THUNDERBIRD, HOST + ADDRESS, WELL_KNOWN + ADDRESS),
  ...post(
    "Thunderbird",
    { ...THUNDERBIRD, "content-type": "text/xml; charset=utf-8" },
    request,
    POX,
    ...POX_PATHS,
  ),
  {
    client: "Thunderbird",
    method: "POST",
    url: "http://autodiscover.example.com/autodiscover/autodiscover.xml",
    headers: { ...THUNDERBIRD, "content-type": "text/xml; charset=utf-8" },
    body: request,
    expected: { status: 302, location: POX_PATHS[0] },
  },
  ...get("Thunderbird after the redirect", THUNDERBIRD, POX_BY_GET, POX_PATHS[0]),
  ...post(
    "Thunderbird with a password",
    {
      ...THUNDERBIRD,
      "content-type": "text/xml; charset=utf-8",
      authorization: "Basic YWxpY2VAZXhhbXBsZS5jb206c2VjcmV0",
    },
    request,
    POX,
    ...POX_PATHS,
  ),
  ...["caldav", "carddav"].map((service) => ({
    client: "Thunderbird, address book and calendar",
    method: "PROPFIND",
    url: `https://example.com/.well-known/${service}`,
    headers: { ...THUNDERBIRD, depth: "0", "content-type": "text/xml" },
    body: `<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>`,
    expected: {
      status: 301,
      location: `https://dav.example.com/${service === "caldav" ? "calendars" : "contacts"}/`,
    },
  })),
  ...get("Thunderbird for Android", { "user-agent": "K-9 Mail" }, AUTOCONFIG, HOST, WELL_KNOWN),
  ...getByHttp("Thunderbird for Android", { "user-agent": "K-9 Mail" }, HOST, WELL_KNOWN),
  ...get(
    "FairEmail, which does not encode the address",
    { "user-agent": "eu.faircode.email/1.2300" },
    AUTOCONFIG,
    `${HOST}?emailaddress=alice@example.com`,
    `${WELL_KNOWN}?emailaddress=alice@example.com`,
  ),
  ...post(
    "FairEmail",
    { "user-agent": "eu.faircode.email/1.2300", "content-type": "application/x-www-form-urlencoded" },
    request.replace(/<\?xml.*\?>\n/, ""),
    POX,
    ...POX_PATHS.toReversed(),
  ),
  ...get("Delta Chat", {}, AUTOCONFIG, `${HOST}${ADDRESS}`, WELL_KNOWN).map((one) => ({
    ...one,
    isAbsoluteForm: true,
  })),
  ...get("Delta Chat", {}, POX_BY_GET, ...POX_PATHS.toReversed()).map((one) => ({
    ...one,
    isAbsoluteForm: true,
  })),
  ...get(
    "Evolution",
    { "user-agent": "Evolution/3.46.4" },
    AUTOCONFIG,
    `${HOST}?emailaddress=EVOLUTIONUSER%40example.com&emailmd5=c160f8cc69a4f0bf2b0362752353d060`,
    `${WELL_KNOWN}?emailaddress=EVOLUTIONUSER%40example.com&emailmd5=c160f8cc69a4f0bf2b0362752353d060`,
  ),
  ...getByHttp(
    "Evolution",
    { "user-agent": "Evolution/3.46.4" },
    `${HOST}?emailaddress=EVOLUTIONUSER%40example.com`,
  ),
  ...get(
    "Evolution and Himalaya, PACC",
    {},
    { status: 200, type: "application/json", contains: '"imap"' },
    "https://ua-auto-config.example.com/.well-known/user-agent-configuration.json",
  ),
  ...get(
    "KMail",
    { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 kioworker/5.103.0" },
    AUTOCONFIG,
    HOST,
    WELL_KNOWN,
  ),
  ...get("Geary", { "user-agent": "Geary/46.0" }, AUTOCONFIG, HOST),
  ...get("Mailspring", { "user-agent": "Mailspring/1.15" }, AUTOCONFIG, HOST, WELL_KNOWN),
  ...get(
    "Nextcloud Mail",
    { "user-agent": "Nextcloud Mail" },
    AUTOCONFIG,
    HOST + ADDRESS,
    WELL_KNOWN + ADDRESS,
  ),
  ...post(
    "Outlook",
    { ...OUTLOOK, "x-mapihttpcapability": "1", "x-clientcanhandle": "Negotiate" },
    request,
    POX,
    ...[
      "autodiscover/autodiscover.xml",
      "Autodiscover/Autodiscover.xml",
      "AutoDiscover/AutoDiscover.xml",
    ].flatMap((path) => [`https://example.com/${path}`, `https://autodiscover.example.com/${path}`]),
  ),
  ...post(
    "Outlook, with a LegacyDN first",
    OUTLOOK,
    `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><AcceptableResponseSchema>${OUTLOOK_RESPONSE_SCHEMA}</AcceptableResponseSchema><LegacyDN>/o=x</LegacyDN><EMailAddress>alice@example.com</EMailAddress></Request></Autodiscover>`,
    POX,
    POX_PATHS[0],
  ),
  {
    client: "Outlook, the step over http",
    method: "GET",
    url: "http://autodiscover.example.com/autodiscover/autodiscover.xml",
    headers: OUTLOOK,
    expected: { status: 302, location: POX_PATHS[0] },
  },
  ...get(
    "Outlook's cloud",
    { "user-agent": "OutlookMobileCloudService-Autodetect/1.0.0" },
    { status: 200, type: "application/json; charset=utf-8", contains: `"${POX_PATHS[0]}"` },
    "https://autodiscover.example.com/autodiscover/autodiscover.json?Email=alice%40example.com&Protocol=Autodiscoverv1&RedirectCount=1",
    "https://example.com/Autodiscover/Autodiscover.json/v1.0/alice%40example.com?Protocol=AutodiscoverV1",
  ),
  ...get(
    "Outlook's cloud, ActiveSync",
    { "user-agent": "OutlookMobileCloudService-Autodetect/1.0.0" },
    { status: 400, contains: '"InvalidProtocol"' },
    "https://autodiscover.example.com/autodiscover/autodiscover.json?Email=alice%40example.com&Protocol=ActiveSync&RedirectCount=1",
  ),
  ...post(
    "a phone that looks for Exchange",
    {},
    poxRequest("alice@example.com", MOBILE_SYNC),
    NO_PROVIDER,
    ...POX_PATHS,
  ),
  ...post(
    "a phone that looks for Exchange",
    { authorization: "Bearer", "content-type": "text/xml" },
    "",
    NOT_FOUND,
    "https://autodiscover.example.com/Microsoft-Server-ActiveSync",
    "https://autodiscover.example.com/EWS/Exchange.asmx",
    "https://autodiscover.example.com/autodiscover/autodiscover.svc",
  ),
  ...post(
    "eM Client",
    { "user-agent": "eMClient/10.0", "content-type": "text/xml" },
    request,
    POX,
    ...POX_PATHS.toReversed(),
  ),
  ...get(
    "Safari, for the profile",
    { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Safari/605" },
    { status: 200, type: "application/x-apple-aspen-config" },
    "https://autoconfig.example.com/example.com.mobileconfig",
    "https://autoconfig.example.com/mobileconfig",
  ),
  ...get(
    "a browser",
    { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "de-AT,de;q=0.9" },
    { status: 200, type: "text/html; charset=utf-8", contains: 'lang="de"' },
    "https://autoconfig.example.com/",
  ),
  ...get(
    "a mail server that sends to the domain",
    {},
    { status: 200, type: "text/plain; charset=utf-8", contains: "version: STSv1" },
    "https://mta-sts.example.com/.well-known/mta-sts.txt",
  ),
  ...get(
    "a JMAP client",
    { accept: "application/json" },
    { status: 301, location: "https://jmap.example.com/.well-known/jmap" },
    "https://example.com/.well-known/jmap",
  ),
];
