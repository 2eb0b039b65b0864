import { AUTOCONFIG_PATH } from "../clients/scenarios/documents.ts";
import type { MemoryHandler, MemoryServer } from "../clients/memory-world.ts";
import { PROVIDER, RESPONDER, scenario, type Scenario } from "./scenario.ts";
import { autoconfigAs, bothWays, everything, redirect } from "./web-sites.ts";

const AUTOCONFIG_HOST = [`autoconfig.example.test A ${RESPONDER}`];
const PROVIDER_ZONE = { "provider.test": [`autoconfig.provider.test A ${PROVIDER}`] };

/** http to https, then within the host, then to the provider's. */
const chain: MemoryHandler = (_, path, { url }) => {
  if (url.startsWith("http:")) return redirect(301, `https://autoconfig.example.test${path}`);
  return path === AUTOCONFIG_PATH
    ? redirect(302, "/tenants/example.test")
    : redirect(302, `https://autoconfig.provider.test${AUTOCONFIG_PATH}`);
};

function autoconfigHost(title: string, server: MemoryServer): Scenario {
  return scenario(title, AUTOCONFIG_HOST, { [RESPONDER]: server });
}

/** One autoconfig host, with what can be wrong with its answers. */
export const WEB_SCENARIOS: readonly Scenario[] = [
  autoconfigHost("autoconfig over http only", { tls: "none", http: autoconfigAs({}) }),
  scenario(
    "autoconfig through a chain of redirects",
    AUTOCONFIG_HOST,
    {
      [RESPONDER]: { https: chain, http: chain },
      [PROVIDER]: { https: autoconfigAs({}) },
    },
    PROVIDER_ZONE,
  ),
  autoconfigHost(
    "autoconfig that redirects to itself",
    bothWays(everything(redirect(302, `https://autoconfig.example.test${AUTOCONFIG_PATH}`))),
  ),
  autoconfigHost("autoconfig as text/html", bothWays(autoconfigAs({ type: "text/html" }))),
  autoconfigHost(
    "autoconfig as application/octet-stream",
    bothWays(autoconfigAs({ type: "application/octet-stream" })),
  ),
  autoconfigHost("204 for everything", bothWays(everything({ status: 204 }))),
  autoconfigHost("autoconfig with an expired certificate", {
    tls: "expired",
    https: autoconfigAs({}),
  }),
  autoconfigHost("autoconfig with a certificate for another name", {
    tls: "wrong-name",
    https: autoconfigAs({}),
  }),
  autoconfigHost("autoconfig without the intermediate certificate", {
    tls: "incomplete",
    https: autoconfigAs({}),
  }),
  autoconfigHost("autoconfig over http, expired over https", bothWays(autoconfigAs({}), "expired")),
];
