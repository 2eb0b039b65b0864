import type { ServerSettings } from "../client-settings.ts";
import { escapeXml } from "../xml.ts";
import type { Effort, GuideName, PageLanguage } from "./languages/page-language.ts";
import { renderText, type PageValues } from "./render-text.ts";

/** Renders the steps for each app, folded by `<details>`: no script, and a search in the page still finds them. */
export function renderAppGuides(
  settings: ServerSettings,
  hasProfile: boolean,
  language: PageLanguage,
  values: PageValues,
): string {
  const guides = chooseGuides(settings, hasProfile).map(([name, effort]) =>
    renderGuide(name, effort, language, values),
  );
  return [
    `<section aria-labelledby="steps">`,
    `<h2 id="steps">${escapeXml(language.apps.heading)}</h2>`,
    `<div class="card guides">`,
    ...guides,
    `</div>`,
    `</section>`,
  ].join("\n");
}

/**
 * Which guides hold for a domain, and how much the app does by itself.
 * - Thunderbird reads autoconfig for IMAP and POP3. It takes a server without TLS too, K-9 Mail refuses the whole document.
 * - K-9 Mail and FairEmail take IMAP only (their source, verified 2026-11-23).
 * - Classic Outlook reads Autodiscover from the Control Panel's assistant, not from "simplified account creation".
 * - New Outlook, Outlook for Mac and the phone editions ask Microsoft's detection service, which carries no IMAP settings.
 * - Apple Mail asks Apple's list of large providers only; a domain reaches it by a profile.
 */
function chooseGuides(
  settings: ServerSettings,
  hasProfile: boolean,
): readonly (readonly [GuideName, Effort])[] {
  const findsImap = settings.imap !== undefined && [settings.imap, settings.submission].every(hasTls);
  return [
    ["thunderbird", "automatic"],
    hasProfile ? ["appleWithProfile", "profile"] : ["appleByHand", "manual"],
    ["newOutlook", "manual"],
    ["classicOutlook", "partly"],
    findsImap ? ["androidAutomatic", "automatic"] : ["androidByHand", "manual"],
    ["gmail", "manual"],
    ["otherApp", "manual"],
  ];
}

function hasTls(endpoint: { readonly tls: string }): boolean {
  return endpoint.tls !== "plain";
}

function renderGuide(name: GuideName, effort: Effort, language: PageLanguage, values: PageValues): string {
  const { title, subtitle, about, steps, note } = language.apps.guides[name];
  return [
    `<details>`,
    `<summary><span class="app"><b>${escapeXml(title)}</b> <span>${escapeXml(subtitle)}</span></span>` +
      ` <span class="effort ${effort}">${escapeXml(language.apps.effort[effort])}</span></summary>`,
    `<div class="guide">`,
    ...(about === undefined ? [] : [`<p>${renderText(about, values)}</p>`]),
    `<ol>`,
    ...steps.map((step) => `<li>${renderText(step, values)}</li>`),
    `</ol>`,
    ...(note === undefined ? [] : [`<p class="note">${renderText(note, values)}</p>`]),
    `</div>`,
    `</details>`,
  ].join("\n");
}
