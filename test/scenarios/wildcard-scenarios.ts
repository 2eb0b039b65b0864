import type { MemoryServer } from "../clients/memory-world.ts";
import { everythingHtml, POX_PATH } from "../clients/scenarios/documents.ts";
import { afterChange, afterOurPlan, beforeChange, ourDomain, ourResponder } from "./our-plan.ts";
import { HOSTING, PROVIDER, RESPONDER, scenario, type Scenario } from "./scenario.ts";
import { bothWays, everything, everything401, redirect } from "./web-sites.ts";

const domain = ourDomain({ mx: [{ host: "box.example.test" }] });
const responder = bothWays(ourResponder(domain));
const WILDCARD = [`example.test A ${HOSTING}`, `*.example.test A ${HOSTING}`];

/** A web host behind a wildcard, with nothing else published, and then with our records beside it. */
function beforeAndAfter(behind: string, hosting: MemoryServer): readonly Scenario[] {
  const servers = { [HOSTING]: hosting };
  return [
    beforeChange(`wildcard to ${behind}`, domain, WILDCARD, servers),
    afterChange(`wildcard to ${behind}, our records beside it`, domain, WILDCARD, servers),
  ];
}

/** What a leftover alias of Exchange Online leads to: a service that knows the domain no more. */
const MICROSOFT = {
  servers: {
    [PROVIDER]: {
      certificateNames: ["autodiscover.outlook.com", "autodiscover-s.outlook.com"],
      https: everything401,
      http: everything(redirect(302, `https://autodiscover-s.outlook.com${POX_PATH}`)),
    },
  },
  zones: {
    "outlook.com": [`autodiscover.outlook.com A ${PROVIDER}`, `autodiscover-s.outlook.com A ${PROVIDER}`],
  },
};
/** As sites have it: an attribute without quotes, elements that are never closed. */
const HTML5 = {
  status: 200,
  type: "text/html",
  body: "<!DOCTYPE html><html><head><meta charset=utf-8><title>Welcome</title><body><p>Hello<br></html>",
};
const LEFTOVER = "autodiscover.example.test CNAME autodiscover.outlook.com";

/** What a zone holds already, before and after the module's change. */
export const WILDCARD_SCENARIOS: readonly Scenario[] = [
  ...beforeAndAfter("a page for everything", bothWays(everythingHtml)),
  ...beforeAndAfter("a page that is no XML", bothWays(everything(HTML5))),
  ...beforeAndAfter("401 for everything", bothWays(everything401)),
  ...beforeAndAfter("a self-signed certificate", bothWays(everythingHtml, "self-signed")),
  ...beforeAndAfter("a black hole", { blackHole: true }),
  scenario("leftover Microsoft 365 alias", [LEFTOVER], MICROSOFT.servers, MICROSOFT.zones),
  scenario(
    "leftover Microsoft 365 alias beside our plan",
    [...afterOurPlan(domain).filter((line) => !line.startsWith("autodiscover.")), LEFTOVER],
    { ...MICROSOFT.servers, [RESPONDER]: responder },
    MICROSOFT.zones,
  ),
];
