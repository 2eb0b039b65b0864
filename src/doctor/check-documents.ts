import { readAutoconfig, readAutodiscoverPox, type FoundServer } from "../clients/found-settings.ts";
import { renderPoxRequest } from "../clients/pox-request.ts";
import type { World, WorldRequest, WorldResponse } from "../clients/world.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import { expectedServers, showServers } from "./checks/expected-servers.ts";
import type { Finding, FindingCode } from "./finding.ts";

/** The local part asked for; any one gets the same answer, so nobody's address is needed. */
const PROBE_LOCAL_PART = "postmaster";

interface DocumentCheck {
  readonly code: FindingCode;
  readonly request: WorldRequest;
  readonly read: (xml: string) => readonly FoundServer[] | undefined;
  /** The user name that the document has to give; undefined where it gives none. */
  readonly username: string;
}

/** Fetches both documents as clients do and compares what they would understand with the spec. */
export async function checkDocuments(domain: MailDomain, world: World): Promise<readonly Finding[]> {
  const address = `${PROBE_LOCAL_PART}@${domain.domain}`;
  const autoconfig = `https://autoconfig.${domain.domain}/mail/config-v1.1.xml`;
  const autodiscover = `https://autodiscover.${domain.domain}/autodiscover/autodiscover.xml`;
  const byAddress = domain.username === "address";
  const placeholder = byAddress ? "%EMAILADDRESS%" : "%EMAILLOCALPART%";
  const checks: DocumentCheck[] = [
    {
      code: "autoconfig-document",
      request: { method: "GET", url: `${autoconfig}?emailaddress=${encodeURIComponent(address)}` },
      read: readAutoconfig,
      username: placeholder,
    },
    {
      code: "autoconfig-document",
      request: { method: "GET", url: autoconfig },
      read: readAutoconfig,
      username: placeholder,
    },
    {
      code: "autodiscover-document",
      request: {
        method: "POST",
        url: autodiscover,
        headers: { "content-type": "text/xml; charset=utf-8" },
        body: renderPoxRequest(address),
      },
      read: readAutodiscoverPox,
      username: byAddress ? address : PROBE_LOCAL_PART,
    },
    {
      code: "autodiscover-document",
      request: { method: "GET", url: autodiscover },
      read: readAutodiscoverPox,
      username: "",
    },
  ];
  return Promise.all([
    ...checks.map((check) => checkDocument(domain, check, world)),
    checkRedirect(domain, world),
  ]);
}

async function checkDocument(domain: MailDomain, check: DocumentCheck, world: World): Promise<Finding> {
  const { method, url } = check.request;
  const expected = expectedServers(domain, check.username);
  const base = { code: check.code, subject: `${method} ${url}`, expected: showServers(expected) };
  const response = await world.request(check.request);
  const broken = brokenResponse(response);
  if (broken !== undefined) return { ...base, ...broken };
  const found = check.read(response.state === "answered" ? response.body : "");
  if (found === undefined) {
    return {
      ...base,
      status: "fail",
      observed: "a document that clients refuse",
      remedy: "Deploy the Worker again.",
    };
  }
  return showServers(found) === showServers(expected)
    ? { ...base, status: "pass", observed: showServers(found) }
    : {
        ...base,
        status: "fail",
        observed: showServers(found),
        remedy: "Wait a minute for the edge's cache, then deploy again.",
      };
}

function brokenResponse(
  response: WorldResponse,
): Pick<Finding, "status" | "observed" | "remedy"> | undefined {
  if (response.state === "failed")
    return { status: "fail", observed: response.reason, remedy: "Check name, route and certificate." };
  if (response.tlsError !== undefined) {
    return {
      status: "fail",
      observed: `certificate not trusted: ${response.tlsError}`,
      remedy: "Wait for the edge certificate, or check the name's depth.",
    };
  }
  const type = response.headers["content-type"] ?? "none";
  if (response.status !== 200)
    return { status: "fail", observed: `HTTP ${response.status}`, remedy: "Check the Worker's route." };
  return /^(text|application)\/xml\b/.test(type)
    ? undefined
    : { status: "fail", observed: `content type ${type}`, remedy: "Remove what else answers at this host." };
}

/** Outlook's plain-HTTP step wants 301 or 302 to https. */
async function checkRedirect(domain: MailDomain, world: World): Promise<Finding> {
  const path = "/autodiscover/autodiscover.xml";
  const url = `http://autodiscover.${domain.domain}${path}`;
  const target = `https://autodiscover.${domain.domain}${path}`;
  const expected = `301 or 302 to ${target}`;
  const base = { code: "http-redirect", subject: `GET ${url}`, expected } as const;
  const response = await world.request({ method: "GET", url });
  if (response.state === "failed") return { ...base, status: "warn", observed: response.reason };
  const location = response.headers["location"] ?? "";
  const observed = `${response.status} ${location}`.trim();
  const isRight = [301, 302].includes(response.status) && location === target;
  return isRight
    ? { ...base, status: "pass", observed }
    : { ...base, status: "fail", observed, remedy: "Remove the redirect rule that answers first." };
}
