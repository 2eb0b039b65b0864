import type { MailPortView, World } from "../../../clients/world/world.ts";
import { mailPortQuestion } from "../../judge-mail-port.ts";
import type { Finding } from "../../finding.ts";
import { announcedEndpoints } from "./announced-endpoints.ts";
import type { Check } from "../check.ts";

/**
 * Looks for mail hosts behind a web proxy: no mail port passes through one. Said only on evidence: no mail port of the host answers, and
 * its port 80 speaks as Cloudflare's edge does (developers.cloudflare.com/fundamentals/reference/cloudflare-ray-id, verified 2026-11-29).
 */
export const checkProxiedMailHosts: Check = {
  name: "proxied-mail-hosts",
  run: async (subject) => {
    const endpoints = (await announcedEndpoints(subject)).filter(({ tls }) => tls !== "plain");
    const hosts = Map.groupBy(endpoints, ({ host }) => host);
    const found = await Promise.all(
      [...hosts].map(async ([host, ports]) => {
        const views = await Promise.all(
          ports.flatMap(({ protocol, ...endpoint }) =>
            mailPortQuestion(subject.spec?.username ?? "address", protocol, endpoint, subject.options).map(
              (question) => subject.world.probe(question),
            ),
          ),
        );
        return views.some(isThere) ? [] : checkHost(subject.world, host);
      }),
    );
    return found.flat();
  },
};

async function checkHost(world: World, host: string): Promise<Finding[]> {
  const response = await world.request({ method: "GET", url: `http://${host}/` });
  if (response.state === "failed") return [];
  const { headers } = response;
  if (headers["cf-ray"] === undefined && headers["server"]?.toLowerCase() !== "cloudflare") return [];
  return [
    {
      code: "proxied-mail-host",
      status: "fail",
      subject: `${host} A/AAAA`,
      expected: "the mail server's own address",
      observed: "Cloudflare's edge answers on port 80, and no mail port does",
      remedy: `Switch the proxy off for ${host} (DNS only).`,
    },
  ];
}

/** True where a mail server was heard, or the host is not to be judged from here. */
function isThere({ outcome }: MailPortView): boolean {
  return !["timeout", "refused", "unreachable"].includes(outcome);
}
