import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { parseCertificates } from "../../../certificates/provided/provided-bundle.ts";
import { parsePayloads, type Plist } from "../../../clients/parsers/apple-profile.ts";
import type { WorldResponse } from "../../../clients/world/world.ts";
import { deriveClientSettings, hasServers } from "../../../documents/client-settings.ts";
import { implicitEndpoint } from "../../../documents/implicit-endpoint.ts";
import { renderMobileconfig } from "../../../documents/mobileconfig.ts";
import type { MailDomain } from "../../../spec/mail-domain.ts";
import { judgeLife } from "../mail/certificate-life.ts";
import type { Check, CheckSubject } from "../check.ts";
import { profileRequest } from "./document-requests.ts";
import { judgeAnswer, type Verdict } from "./judge-answer.ts";
import { placeOf } from "../place-of.ts";

const PROFILE_TYPE = "application/x-apple-aspen-config";
const DER_SEQUENCE = 0x30;
const UUID = /^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/i;

/** Fetches Apple's configuration profile: content type, servers, identifiers, and who signed it until when. */
export const checkProfile: Check = {
  name: "profile",
  run: async (subject) => {
    const { mailbox, spec, world } = subject;
    const isOurs =
      spec !== undefined && hasProfile(spec) && (await placeOf(subject, "autoconfig")) === "ours";
    const request = profileRequest(mailbox);
    const response = await world.request(request);
    const base = { code: "profile", subject: `GET ${request.url}` } as const;
    const verdict = judgeAnswer(
      response,
      request.url,
      isOurs ? "ours" : "apex",
      (type) => type === PROFILE_TYPE,
    );
    // Nobody looks for a profile by itself: without one of ours a stranger's answer here is judged at the documents.
    if (verdict !== undefined) return isOurs ? [{ ...base, ...verdict }] : [];
    return judgeProfile(subject, response).then((found) => found.map((each) => ({ ...base, ...each })));
  },
};

function hasProfile(spec: MailDomain): boolean {
  const settings = deriveClientSettings(spec);
  return hasServers(settings) && renderMobileconfig(settings) !== undefined;
}

async function judgeProfile(subject: CheckSubject, response: WorldResponse): Promise<readonly Verdict[]> {
  if (response.state === "failed") return [];
  const { text, verdict } = await readProfile(subject, response);
  const content = judgeContent(subject, text);
  const wrong = content.status === "pass" ? await judgeIdentifiers(subject, text) : undefined;
  return [wrong ?? content, verdict];
}

/** Returns the property list, empty where none can be read, and what is to be said of its signature. */
async function readProfile(
  subject: CheckSubject,
  { body, bytes = new TextEncoder().encode(body) }: Extract<WorldResponse, { state: "answered" }>,
): Promise<{ readonly text: string; readonly verdict: Verdict }> {
  // DER begins with a SEQUENCE, a property list with `<` or a byte order mark.
  if (bytes[0] !== DER_SEQUENCE) return { text: body, ...UNSIGNED };
  const { content = "", verdict } = await judgeSignature(subject, bytes);
  return { text: content, verdict };
}

/**
 * A device takes a profile with other identifiers for another one, and sets the account up once more. They are held to those of the
 * spec; without one to those of a second download.
 */
async function judgeIdentifiers(subject: CheckSubject, text: string): Promise<Verdict | undefined> {
  const served = identifiersOf(text);
  if (new Set(served.map((each) => each.split(" ").at(-1))).size < served.length) {
    return {
      status: "fail",
      observed: "one PayloadUUID in several payloads: devices refuse the profile",
      remedy: "Give every payload a UUID of its own.",
    };
  }
  const { mailbox, spec, world } = subject;
  const settings = spec === undefined ? undefined : deriveClientSettings(spec);
  const wanted = settings !== undefined && hasServers(settings) ? renderMobileconfig(settings) : undefined;
  if (wanted !== undefined) {
    return identifiersOf(wanted).join() === served.join()
      ? undefined
      : {
          status: "fail",
          observed: "other identifiers than those of the spec: devices would set the account up once more",
          remedy: "Publish the profile of the spec.",
        };
  }
  // Another header makes it another question for a world that remembers, and the same one for the server.
  const again = await world.request({ ...profileRequest(mailbox), headers: { accept: "*/*" } });
  if (again.state === "failed" || again.status !== 200) return undefined;
  const second = (await readProfile(subject, again)).text;
  return identifiersOf(second).join() === served.join()
    ? undefined
    : {
        status: "fail",
        observed: "other identifiers at each download: every installation sets the account up once more",
        remedy: "Give every payload an identifier and a UUID that never change.",
      };
}

function identifiersOf(text: string): readonly string[] {
  // What has none of them has been found before.
  return parsePayloads(text).map(({ PayloadIdentifier: identifier, PayloadUUID: uuid }) => {
    return typeof identifier === "string" && typeof uuid === "string"
      ? `${identifier} ${uuid.toUpperCase()}`
      : "";
  });
}

interface Signed {
  readonly content?: string | undefined;
  readonly verdict: Verdict;
}

const UNSIGNED: Signed = {
  verdict: {
    status: "warn",
    observed: "not signed: devices show it as not verified",
    remedy: "Deploy with a certificate, so that the profile is signed with it.",
  },
};

async function judgeSignature({ now, options }: CheckSubject, bytes: Uint8Array): Promise<Signed> {
  // Loaded with the first signed profile: most domains have none.
  const { verifyCms } = await import("../../../certificates/cms/verify-cms.ts");
  const roots =
    options.ca === undefined
      ? rootCertificates.map((pem) => new X509Certificate(pem))
      : parseCertificates(options.ca);
  const cms = await verifyCms(bytes, { roots, now });
  const remedy = "Deploy again, so that the profile is signed anew with the full chain.";
  if (cms === undefined) {
    return { verdict: { status: "fail", observed: "neither a profile nor a signed message", remedy } };
  }
  const content = new TextDecoder().decode(cms.content);
  const { signer, chainEnd, isSignatureValid } = cms;
  if (!isSignatureValid || signer === undefined) {
    return { content, verdict: { status: "fail", observed: "the signature does not hold", remedy } };
  }
  // Certificates of today's public CAs often have no common name.
  const [, name = "no name"] =
    /^CN=(.+)$/m.exec(signer.subject) ?? /DNS:([^,]+)/.exec(signer.subjectAltName ?? "") ?? [];
  if (chainEnd !== "trusted") {
    return {
      content,
      verdict: { status: "fail", observed: `signed by ${name}, chain ${chainEnd ?? ""}`, remedy },
    };
  }
  const life = judgeLife(
    { spkiSha256: "", notAfter: signer.validToDate, notBefore: signer.validFromDate },
    now,
  );
  return { content, verdict: { ...life, observed: `signed by ${name}, ${life.observed ?? ""}` } };
}

function judgeContent({ spec }: CheckSubject, text: string): Verdict {
  const [profile, ...payloads] = parsePayloads(text);
  if (profile?.["PayloadType"] !== "Configuration") {
    return {
      status: "fail",
      observed: "no configuration profile",
      remedy: "Publish a property list of PayloadType Configuration.",
    };
  }
  const unnamed = [profile, ...payloads].filter(
    ({ PayloadUUID: uuid, PayloadIdentifier: identifier }) =>
      typeof uuid !== "string" || !UUID.test(uuid) || typeof identifier !== "string",
  );
  if (unnamed.length > 0) {
    return {
      status: "fail",
      observed: `${unnamed.length} payloads without PayloadUUID or PayloadIdentifier`,
      remedy: "Give every payload an identifier and a UUID that never change.",
    };
  }
  const mail = payloads.find((each) => each["PayloadType"] === "com.apple.mail.managed");
  if (mail === undefined) {
    return {
      status: "fail",
      observed: "no mail account in the profile",
      remedy: "Add a com.apple.mail.managed payload.",
    };
  }
  const observed = `${serverOf(mail, "Incoming")}, ${serverOf(mail, "Outgoing")}`;
  const expected = spec === undefined ? undefined : wantedServers(spec);
  return expected === undefined || observed === expected
    ? { status: "pass", observed }
    : {
        status: "fail",
        observed: `${observed}, not ${expected}`,
        remedy: "Publish the settings of the spec.",
      };
}

function serverOf(mail: Readonly<Record<string, Plist>>, direction: "Incoming" | "Outgoing"): string {
  const key = (part: string): string => {
    const value = mail[`${direction}MailServer${part}`];
    return typeof value === "string" || typeof value === "number" ? String(value) : "none";
  };
  // Absent means no TLS (Apple's device-management, com.apple.mail.managed).
  const tls = mail[`${direction}MailServerUseSSL`] === true ? "implicit" : "plain";
  return `${direction.toLowerCase()} ${key("HostName")}:${key("PortNumber")} ${tls}`;
}

function wantedServers(spec: MailDomain): string | undefined {
  const settings = deriveClientSettings(spec);
  const incoming = implicitEndpoint(settings, "imap") ?? implicitEndpoint(settings, "pop3");
  const outgoing = implicitEndpoint(settings, "submission");
  if (incoming === undefined || outgoing === undefined) return undefined;
  return `incoming ${incoming.host}:${incoming.port} implicit, outgoing ${outgoing.host}:${outgoing.port} implicit`;
}
