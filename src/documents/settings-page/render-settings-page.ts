import type { ServerSettings } from "../client-settings.ts";
import { escapeXml } from "../xml.ts";
import { languageOf } from "./languages/languages.ts";
import type { PageLanguage } from "./languages/page-language.ts";
import { renderQrCode } from "./qr-code.ts";
import { renderAppGuides } from "./render-app-guides.ts";
import { renderServerTables } from "./render-server-tables.ts";
import { renderServices } from "./render-services.ts";
import { renderPlainText, renderText, type PageValues } from "./render-text.ts";
import { styles } from "./styles.ts";

export interface SettingsPageOptions {
  /** One of the domain's languages; `chooseLanguage` gives it. */
  readonly language: string;
  /** Host, with a port where it is not 443, under which the page is served: phones reach the profile there. */
  readonly host: string;
  /** Path of the configuration profile on that host; undefined where the domain has none. */
  readonly profilePath?: string | undefined;
}

/**
 * Renders the page on which people find the settings of their mailbox: a whole HTML document, without script, form,
 * address or anything of a third party. It is to be served with `settingsPageCsp`.
 */
export function renderSettingsPage(settings: ServerSettings, options: SettingsPageOptions): string {
  const language = languageOf(options.language);
  const values: PageValues = {
    domain: settings.domain,
    protocol: settings.imap === undefined ? "POP3" : "IMAP",
    issuer: (settings.oauth2?.issuer ?? "").replace(/^https:\/\//, ""),
  };
  const { page } = language;
  const title = renderPlainText(page.title, values);
  return [
    `<!DOCTYPE html>`,
    `<html lang="${language.tag}" dir="${language.direction}">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<title>${title}</title>`,
    // An icon without content: browsers would otherwise ask for /favicon.ico.
    `<link rel="icon" href="data:,">`,
    `<style>${styles}</style>`,
    `</head>`,
    `<body>`,
    `<header>`,
    `<p class="brand"><bdi>${escapeXml(settings.displayName)}</bdi></p>`,
    ...languageLinks(settings, language),
    `</header>`,
    `<main>`,
    `<h1>${escapeXml(page.heading)}</h1>`,
    `<p class="lead">${renderText(page.lead, values)}</p>`,
    `<p>${escapeXml(page.advice)}</p>`,
    ...actions(settings, language),
    renderServerTables(settings, language, values),
    ...profile(options, language),
    renderAppGuides(settings, options.profilePath !== undefined, language, values),
    ...spam(settings, language),
    ...renderServices(settings, language),
    `</main>`,
    `<footer><p>${escapeXml(page.neverAsks)}</p></footer>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}

/** The choice of languages; nothing where there is none. */
function languageLinks(settings: ServerSettings, current: PageLanguage): readonly string[] {
  const offered = [...new Set((settings.languages ?? ["en"]).map((tag) => languageOf(tag)))];
  if (offered.length < 2) return [];
  const links = offered.map(({ tag, name }) => {
    const isCurrent = tag === current.tag ? ` aria-current="true"` : "";
    return `<li><a href="?lang=${tag}" hreflang="${tag}" lang="${tag}"${isCurrent}>${escapeXml(name)}</a></li>`;
  });
  return [
    `<nav aria-label="${escapeXml(current.page.languages)}"><ul class="languages">`,
    ...links,
    `</ul></nav>`,
  ];
}

function actions(settings: ServerSettings, { tag, page }: PageLanguage): readonly string[] {
  const { webmail, help } = settings;
  const links = [
    ...(webmail === undefined ? [] : [link(webmail, page.webmail, "button")]),
    ...(help === undefined ? [] : [link(help.url, help.texts[tag] ?? page.help, "quiet")]),
  ];
  return links.length === 0 ? [] : [`<p class="actions">`, ...links, `</p>`];
}

/** Nothing but https: a `javascript:` URL in a KV entry, whoever wrote it, must not become a link of this page. */
function link(url: string, text: string, style: string): string {
  if (!/^https:\/\//i.test(url)) return "";
  return `<a class="${style}" href="${escapeXml(url)}" rel="noreferrer">${escapeXml(text)}</a>`;
}

function profile({ host, profilePath }: SettingsPageOptions, language: PageLanguage): readonly string[] {
  if (profilePath === undefined) return [];
  const words = language.profile;
  return [
    `<section aria-labelledby="profile">`,
    `<div class="card profile-card">`,
    `<div><h2 id="profile">${escapeXml(words.heading)}</h2>`,
    `<p>${escapeXml(words.text)}</p>`,
    `<p class="actions"><a class="button" href="${escapeXml(profilePath)}">${escapeXml(words.download)}</a></p></div>`,
    `<figure>${renderQrCode(`https://${host}${profilePath}`, escapeXml(words.qrCode))}`,
    `<figcaption>${escapeXml(words.scan)}</figcaption></figure>`,
    `</div>`,
    `</section>`,
  ];
}

/** Where it is not known whether the server learns, the page says nothing; training needs IMAP. */
function spam(settings: ServerSettings, language: PageLanguage): readonly string[] {
  const { spamTraining, imap, pop3 } = settings;
  if (spamTraining === undefined || imap === undefined) return [];
  const words = language.spam;
  const text = spamTraining
    ? [words.trained, ...(pop3 === undefined ? [] : [words.notWithPop3])]
    : [words.untrained];
  return [
    `<section aria-labelledby="spam">`,
    `<h2 id="spam">${escapeXml(words.heading)}</h2>`,
    ...text.map((sentence) => `<p>${escapeXml(sentence)}</p>`),
    `</section>`,
  ];
}
