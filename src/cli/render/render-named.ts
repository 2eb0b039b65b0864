import { renderAutoconfigXml } from "../../documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../documents/autodiscover-pox.ts";
import { renderAutodiscoverV2 } from "../../documents/autodiscover-v2.ts";
import {
  deriveClientSettings,
  hasServers,
  renderClientSettings,
  type ClientSettings,
  type ServerSettings,
} from "../../documents/client-settings.ts";
import { renderMobileconfig } from "../../documents/mobileconfig.ts";
import { paccTxt } from "../../documents/pacc-txt.ts";
import { renderSettingsPage } from "../../documents/settings-page/render-settings-page.ts";
import { renderSettingsText } from "../../documents/settings-text.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { domainOfAddress } from "../../responder/tenant.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { requireDomainFiles } from "../../spec/parse-domain-files.ts";
import type { CliIo } from "../cli-io.ts";
import { readInputs } from "../arguments/read-inputs.ts";
import type { RenderedName } from "./render-names.ts";
import type { RenderOptions } from "./render.ts";

type Render = (settings: ServerSettings, options: RenderOptions) => string | undefined;

/** Documents that need servers to name; the others are made of any settings. */
const RENDERERS: Readonly<Record<Exclude<RenderedName, "client-settings" | "mta-sts">, Render>> = {
  autoconfig: (settings) => renderAutoconfigXml(settings),
  autodiscover: (settings, { address }) => renderAutodiscoverPox(settings, address),
  "autodiscover-v2": (settings) =>
    `${renderAutodiscoverV2("AutodiscoverV1", `autodiscover.${settings.domain}`).body}\n`,
  mobileconfig: (settings, { address }) => renderMobileconfig(settings, { address }),
  // The bytes of the document, without a final newline that its digest would not know.
  pacc: ({ pacc }) => pacc,
  "pacc-txt": ({ pacc }) => (pacc === undefined ? undefined : `${paccTxt(pacc)}\n`),
  "settings-text": (settings) => renderSettingsText(settings),
  "settings-page": (settings, { language }) =>
    renderSettingsPage(settings, {
      language: chosenLanguage(settings, language),
      host: `autoconfig.${settings.domain}`,
      ...(renderMobileconfig(settings) === undefined
        ? {}
        : { profilePath: `/${settings.domain}.mobileconfig` }),
    }),
};

/**
 * Returns a document of the domain that a file describes.
 *
 * @throws MailAutodiscoverError `usage` for an address or language that is not the domain's, `invalid-spec` where the file
 *   is refused or the domain has no such document
 */
export async function renderNamed(file: string, options: RenderOptions, io: CliIo): Promise<string> {
  const domains = requireDomainFiles(await readInputs([file], io));
  const settings = deriveClientSettings(chooseDomain(domains, options.address));
  const text = renderOne(settings, options);
  if (text !== undefined) return text;
  throw new MailAutodiscoverError("invalid-spec", `${settings.domain} has no ${options.document}.`, {
    remedy: "Choose another document, or describe in the domain file what this one is made of.",
  });
}

/** The domain that the address is of, an alias for one; without an address the file's own. */
function chooseDomain(domains: readonly MailDomain[], address: string | undefined): MailDomain {
  const own = domains.find(({ aliasOf }) => aliasOf === undefined);
  const asked = address === undefined ? own?.domain : domainOfAddress(address);
  const found = domains.find(({ domain }) => domain === asked);
  if (found !== undefined) return found;
  const names = domains.map(({ domain }) => `@${domain}`).join(" or ");
  throw new MailAutodiscoverError(
    "usage",
    `${address ?? ""} is no address of ${own?.domain ?? "a domain"}.`,
    {
      remedy: `Write an address that ends in ${names}.`,
    },
  );
}

function renderOne(settings: ClientSettings, options: RenderOptions): string | undefined {
  if (options.document === "client-settings") return `${renderClientSettings(settings)}\n`;
  if (options.document === "mta-sts") return settings.mtaStsPolicy;
  return hasServers(settings) ? RENDERERS[options.document](settings, options) : undefined;
}

function chosenLanguage(
  { domain, languages = ["en"] }: ServerSettings,
  language: string | undefined,
): string {
  const [first = "en"] = languages;
  if (language === undefined || languages.includes(language)) return language ?? first;
  throw new MailAutodiscoverError("usage", `The page of ${domain} does not come in ${language}.`, {
    remedy: `Choose one of: ${languages.join(", ")}.`,
  });
}
