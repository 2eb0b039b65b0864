import type { HttpService } from "../../spec/mail-domain.ts";
import type { ServerSettings } from "../client-settings.ts";
import { escapeXml } from "../xml.ts";
import type { PageLanguage } from "./languages/page-language.ts";
import { renderValue } from "./render-server-tables.ts";

/** Renders the places of calendars, contacts, JMAP and mail filters; nothing where the domain has none. */
export function renderServices(settings: ServerSettings, language: PageLanguage): readonly string[] {
  const words = language.services;
  const { calDav, cardDav, jmap, sieve } = settings;
  const rows = [
    ...(calDav === undefined ? [] : [row(words.calDav, renderValue(url(calDav)))]),
    ...(cardDav === undefined ? [] : [row(words.cardDav, renderValue(url(cardDav)))]),
    ...(jmap === undefined ? [] : [row(words.jmap, renderValue(url(jmap)))]),
    ...(sieve === undefined
      ? []
      : [
          row(
            words.sieve,
            [
              renderValue(sieve.host),
              `<span>${escapeXml(language.settings.port)} ${renderValue(String(sieve.port))}</span>`,
              `<span>${escapeXml(language.settings.tls[sieve.tls])}</span>`,
            ].join(" · "),
          ),
        ]),
  ];
  if (rows.length === 0) return [];
  return [
    `<section aria-labelledby="services">`,
    `<h2 id="services">${escapeXml(words.heading)}</h2>`,
    `<p>${escapeXml(words.signIn)}</p>`,
    `<dl class="card services">`,
    ...rows,
    `</dl>`,
    `</section>`,
  ];
}

function row(name: string, valueHtml: string): string {
  return `<div><dt>${escapeXml(name)}</dt><dd>${valueHtml}</dd></div>`;
}

function url(service: HttpService): string {
  return `https://${service.host}${service.port === 443 ? "" : `:${service.port}`}${service.path}`;
}
