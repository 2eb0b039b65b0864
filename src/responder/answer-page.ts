import { hasServers, type ServerSettings } from "../documents/client-settings.ts";
import { renderMobileconfig } from "../documents/mobileconfig.ts";
import { chooseLanguage } from "../documents/settings-page/choose-language.ts";
import { renderSettingsPage } from "../documents/settings-page/render-settings-page.ts";
import { settingsPageCsp } from "../documents/settings-page/settings-page-csp.ts";
import { renderSettingsText } from "../documents/settings-text.ts";
import { answerMethod } from "./answer-method.ts";
import { cachedDocument } from "./document-cache.ts";
import type { Outcome, ResponderRequest } from "./exchange.ts";
import { findHost } from "./find-tenant.ts";
import { renderDocument, type RenderedDocument } from "./rendered-document.ts";
import { NOT_FOUND, TEXT } from "./responses.ts";
import type { TenantStore } from "./tenant.ts";

/**
 * The page needs nothing of the browser and shows itself to nobody else. HSTS is for this name alone, without its sub
 * domains, and for a month: a domain that moves away must not be held to https for longer.
 */
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": settingsPageCsp,
  "strict-transport-security": "max-age=2592000",
  "permissions-policy":
    "camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  vary: "accept, accept-language",
} as const;

/** Answers at the root of the autoconfig name: a page for people, or the same as text for those who ask for text. */
export async function answerPage(request: ResponderRequest, tenants: TenantStore): Promise<Outcome> {
  const settings = await findHost(request, tenants);
  if (!hasServers(settings)) return { answer: NOT_FOUND, settings: undefined };
  const document = wantsText(request.header("accept"))
    ? await cachedDocument(settings, "page.txt", () =>
        renderDocument(renderSettingsText(settings), { "content-type": TEXT, vary: PAGE_HEADERS.vary }),
      )
    : await pageOf(settings, languageOf(request, settings));
  return { answer: document === undefined ? NOT_FOUND : answerMethod(request, document), settings };
}

async function pageOf(settings: ServerSettings, language: string): Promise<RenderedDocument | undefined> {
  return cachedDocument(settings, `page.${language}`, () => {
    const hasProfile = renderMobileconfig(settings) !== undefined;
    const page = renderSettingsPage(settings, {
      language,
      host: `autoconfig.${settings.domain}`,
      ...(hasProfile ? { profilePath: `/${settings.domain}.mobileconfig` } : {}),
    });
    return renderDocument(page, { ...PAGE_HEADERS, "content-language": language });
  });
}

function languageOf({ header, search }: ResponderRequest, { languages = ["en"] }: ServerSettings): string {
  const asked = search === "" ? null : new URLSearchParams(search).get("lang");
  return chooseLanguage(header("accept-language") ?? null, asked, languages);
}

/** A browser names HTML; what names nothing (`*` + `/*`) gets the page, too. */
function wantsText(accept: string | undefined): boolean {
  return accept !== undefined && /text\/plain/i.test(accept) && !/text\/html/i.test(accept);
}
