/** Name, attributes, text and children, as another parser gave them. A name may have its namespace before it, in braces. */
export type XmlNode = readonly [string, Readonly<Record<string, string>>, string, readonly XmlNode[]];

/**
 * What an element may hold: a text, or children in this order, each once, or as often as its sign says (`?`, `*` and `+` as
 * in a regular expression); ` | ` stands between alternatives.
 */
interface ElementRule {
  readonly children?: string;
  readonly text?: RegExp;
  readonly attributes?: Readonly<Record<string, RegExp>>;
}

export type DocumentSchema = Readonly<Record<string, ElementRule>>;

const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const PORT = /^[1-9]\d{0,4}$/;
const URL_TEXT = /^https:\/\/\S+$/;
/** K-9 and FairEmail do not trim. */
const TRIMMED = /^\S(.*\S)?$/su;
const USERNAME = /^%EMAIL(ADDRESS|LOCALPART)%$/;

const MAIL_SERVER = "hostname port socketType username authentication+";
const HTTP_SERVICE = "url authentication username";

/** draft-ietf-mailmaint-autoconfig-06 §4, as far as it is used, with the limits that the parsers of clients set. */
export const AUTOCONFIG: DocumentSchema = {
  clientConfig: {
    attributes: { version: /^1\.1$/ },
    children: "emailProvider addressbook? calendar? webMail? oAuth2? clientConfigUpdate",
  },
  emailProvider: {
    attributes: { id: HOST },
    children: "domain displayName displayShortName incomingServer* outgoingServer documentation?",
  },
  domain: { text: HOST },
  displayName: { text: TRIMMED },
  displayShortName: { text: /./su },
  incomingServer: {
    attributes: { type: /^(imap|pop3|jmap)$/ },
    children: `${MAIL_SERVER} | ${HTTP_SERVICE}`,
  },
  outgoingServer: { attributes: { type: /^smtp$/ }, children: MAIL_SERVER },
  hostname: { text: HOST },
  port: { text: PORT },
  socketType: { text: /^(SSL|STARTTLS|plain)$/ },
  username: { text: USERNAME },
  authentication: { text: /^(password-cleartext|OAuth2|Basic)$/, attributes: { system: /^http$/ } },
  documentation: { attributes: { url: URL_TEXT }, children: "descr*" },
  descr: { text: TRIMMED, attributes: { lang: /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/ } },
  addressbook: { attributes: { type: /^carddav$/ }, children: HTTP_SERVICE },
  calendar: { attributes: { type: /^caldav$/ }, children: HTTP_SERVICE },
  webMail: { children: "loginPage" },
  loginPage: { attributes: { url: URL_TEXT } },
  oAuth2: { children: "issuer scope authURL tokenURL clientID?" },
  issuer: { text: URL_TEXT },
  scope: { text: TRIMMED },
  authURL: { text: URL_TEXT },
  tokenURL: { text: URL_TEXT },
  clientID: { text: TRIMMED },
  clientConfigUpdate: { attributes: { url: URL_TEXT } },
  url: { text: URL_TEXT },
};

const FRAME = "{http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006}";
const OUTLOOK = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}";
const ON_OFF = { text: /^(on|off)$/ };

/** MS-OXDSCLI §2.2.4, in the order of its schema: the settings answer in Outlook's namespace, errors in the frame's. */
export const POX: DocumentSchema = {
  [`${FRAME}Autodiscover`]: { children: `${FRAME}Response | ${OUTLOOK}Response` },
  [`${FRAME}Response`]: { children: `${FRAME}Error` },
  [`${FRAME}Error`]: {
    attributes: { Time: /^\d\d:\d\d:\d\d\.\d{7}$/, Id: /^\d+$/ },
    children: ["ErrorCode", "Message", "DebugData"].map((name) => FRAME + name).join(" "),
  },
  [`${FRAME}ErrorCode`]: { text: /^(500|501|600|601|602|603)$/ },
  [`${FRAME}Message`]: { text: TRIMMED },
  [`${FRAME}DebugData`]: {},
  ...Object.fromEntries(
    Object.entries({
      Response: { children: "User? Account" },
      User: { children: "DisplayName AutoDiscoverSMTPAddress" },
      DisplayName: { text: /@/ },
      AutoDiscoverSMTPAddress: { text: /@/ },
      Account: { children: "AccountType Action Protocol+" },
      AccountType: { text: /^email$/ },
      Action: { text: /^settings$/ },
      Protocol: {
        children:
          "Type TTL Server Port LoginName? DomainRequired SPA SSL Encryption AuthRequired UsePOPAuth? SMTPLast?",
      },
      Type: { text: /^(IMAP|POP3|SMTP)$/ },
      TTL: { text: /^[1-9]\d*$/ },
      Server: { text: HOST },
      Port: { text: PORT },
      LoginName: { text: TRIMMED },
      DomainRequired: { text: /^off$/ },
      SPA: { text: /^off$/ },
      SSL: ON_OFF,
      Encryption: { text: /^(SSL|TLS|None)$/ },
      AuthRequired: { text: /^on$/ },
      UsePOPAuth: { text: /^on$/ },
      SMTPLast: { text: /^off$/ },
    } satisfies DocumentSchema).map(([name, rule]: [string, ElementRule]) => [
      OUTLOOK + name,
      rule.children === undefined ? rule : { ...rule, children: rule.children.replace(/\b(?=\w)/g, OUTLOOK) },
    ]),
  ),
};

/** Returns what in a document is against its schema. */
export function violations(node: XmlNode, schema: DocumentSchema): readonly string[] {
  const [name, attributes, text, children] = node;
  const rule = schema[name];
  if (rule === undefined) return [`${name} is unknown`];
  const isLeaf = rule.children === undefined;
  const allowed = rule.text ?? (isLeaf ? /^$/ : /^\s*$/);
  return [
    ...(allowed.test(text) ? [] : [`${name}: ${JSON.stringify(text)} is not allowed`]),
    ...Object.entries(attributes).flatMap(([key, value]) =>
      rule.attributes?.[key]?.test(value) === true ? [] : [`${name}: ${key}=${value} is not allowed`],
    ),
    ...(matches(children, rule.children) ? [] : [`${name}: its children are ${show(children)}`]),
    ...children.flatMap((child) => violations(child, schema)),
  ];
}

function matches(children: readonly XmlNode[], rule: string | undefined): boolean {
  const found = children.map(([name]) => `${encodeURIComponent(name)} `).join("");
  const alternatives = (rule ?? "").split(" | ").map((list) =>
    list
      .split(" ")
      .filter((part) => part !== "")
      .map(
        (part) => `(?:${encodeURIComponent(part.replace(/[?*+]$/, ""))} )${/[?*+]$/.exec(part)?.[0] ?? ""}`,
      )
      .join(""),
  );
  return new RegExp(`^(?:${alternatives.join("|")})$`).test(found);
}

function show(children: readonly XmlNode[]): string {
  return children.map(([name]) => name).join(", ");
}
