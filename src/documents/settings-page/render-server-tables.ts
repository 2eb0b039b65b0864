import type { Endpoint } from "../../spec/mail-domain.ts";
import type { ServerSettings } from "../client-settings.ts";
import { escapeXml } from "../xml.ts";
import type { PageLanguage } from "./languages/page-language.ts";
import { renderText, type PageValues } from "./render-text.ts";

/** Renders what a person types: the account, each server that is offered, and what goes with them. */
export function renderServerTables(
  settings: ServerSettings,
  language: PageLanguage,
  values: PageValues,
): string {
  const words = language.settings;
  const { imap, pop3, submission } = settings;
  const userName = settings.username === "address" ? words.userNameIsAddress : words.userNameIsLocalPart;
  const tables = [
    table(escapeXml(words.account), [
      [words.userName, renderText(userName, values)],
      [words.password, escapeXml(words.passwordOfMailbox)],
    ]),
    ...(imap === undefined ? [] : [table(`${escapeXml(words.incoming)} (IMAP)`, server(imap, language))]),
    ...(pop3 === undefined ? [] : [table(`${escapeXml(words.incoming)} (POP3)`, server(pop3, language))]),
    table(`${escapeXml(words.outgoing)} (SMTP)`, [
      ...server(submission, language),
      [words.signIn, escapeXml(words.sameSignIn)],
    ]),
  ];
  const isPlain = [imap, pop3, submission].some((endpoint) => endpoint?.tls === "plain");
  return [
    `<section aria-labelledby="settings">`,
    `<h2 id="settings">${escapeXml(words.heading)}</h2>`,
    // Four cards stand better in two rows of two than as three and one.
    `<div class="cards${tables.length === 4 ? " pairs" : ""}">`,
    ...tables,
    `</div>`,
    ...(isPlain ? [`<p class="warning">${escapeXml(words.plainWarning)}</p>`] : []),
    ...(settings.oauth2 === undefined ? [] : [`<p>${renderText(words.oauth2, values)}</p>`]),
    ...protocolChoice(settings, language),
    `</section>`,
  ].join("\n");
}

type Row = readonly [name: string, valueHtml: string];

function table(caption: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${value}</td></tr>`,
  );
  return `<div class="card"><table><caption>${caption}</caption><tbody>\n${lines.join("\n")}\n</tbody></table></div>`;
}

function server(endpoint: Endpoint, language: PageLanguage): readonly Row[] {
  const words = language.settings;
  return [
    [words.server, renderValue(endpoint.host)],
    [words.port, renderValue(String(endpoint.port))],
    [words.security, escapeXml(words.tls[endpoint.tls])],
  ];
}

/** Renders a value that people copy: one click selects all of it, and nothing around it. */
export function renderValue(value: string): string {
  return `<bdi class="value" dir="ltr" translate="no">${escapeXml(value)}</bdi>`;
}

/** A choice is explained as one; a single protocol only by what it means. */
function protocolChoice(settings: ServerSettings, language: PageLanguage): readonly string[] {
  const words = language.protocol;
  const isChoice = settings.imap !== undefined && settings.pop3 !== undefined;
  const entry = (name: string, meaning: string, advice: string): string => {
    const wholeAdvice = isChoice ? ` <b>${escapeXml(advice)}</b>` : "";
    return `<div><dt>${name}</dt><dd>${escapeXml(meaning)}${wholeAdvice}</dd></div>`;
  };
  return [
    ...(isChoice ? [`<h3>${escapeXml(words.heading)}</h3>`] : []),
    `<dl class="protocols">`,
    ...(settings.imap === undefined ? [] : [entry("IMAP", words.imap, words.imapAdvice)]),
    ...(settings.pop3 === undefined ? [] : [entry("POP3", words.pop3, words.pop3Advice)]),
    `</dl>`,
  ];
}
