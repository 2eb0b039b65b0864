import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chooseLanguage } from "../../../src/documents/settings-page/choose-language.ts";
import { renderSettingsPage } from "../../../src/documents/settings-page/render-settings-page.ts";
import { settingsPageCsp } from "../../../src/documents/settings-page/settings-page-csp.ts";
import { fullOptions, fullSettings } from "./sample-settings.ts";

/** Debian's package `chromium`. */
export const CHROMIUM = "/usr/bin/chromium";

export interface PageServer {
  readonly url: string;
  /** Paths that a browser asked for, with their queries. */
  readonly requested: readonly string[];
  readonly close: () => Promise<void>;
}

/** Serves the full page on loopback, under its policy and in the language that the request asks for. */
export async function servePage(): Promise<PageServer> {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? "");
    const query = new URL(request.url ?? "/", "http://localhost").searchParams.get("lang");
    const accept = request.headers["accept-language"] ?? null;
    const language = chooseLanguage(accept, query, fullSettings.languages ?? []);
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": settingsPageCsp,
      })
      .end(renderSettingsPage(fullSettings, fullOptions(language)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requested, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
