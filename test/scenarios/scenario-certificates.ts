import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { openAuthority, type IssuedCertificate } from "../../infra/sandbox/authority/open-authority.ts";
import type { StoredCertificate } from "../../infra/sandbox/mail/certificate-store.ts";
import { makeSelfSigned } from "../../infra/sandbox/mail/self-signed.ts";
import type { MemoryTls } from "../clients/memory-world.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const CERTIFICATE_END = "-----END CERTIFICATE-----\n";

/** The certificates of the scenarios of a file; each is made once. */
export interface ScenarioCertificates {
  /** What clients trust. */
  readonly rootPem: string;
  /** The same in a file. */
  readonly caFile: string;
  of(kind: Exclude<MemoryTls, "none">, names: readonly string[]): Promise<StoredCertificate>;
  close(): Promise<void>;
}

export async function openScenarioCertificates(): Promise<ScenarioCertificates> {
  const folder = await mkdtemp(join(tmpdir(), "scenarios-"));
  const authority = await openAuthority(folder);
  const made = new Map<string, Promise<StoredCertificate>>();
  const issue = async (
    kind: Exclude<MemoryTls, "none">,
    names: readonly string[],
  ): Promise<IssuedCertificate> => {
    switch (kind) {
      case "trusted":
        return authority.issue(names);
      case "self-signed":
        return makeSelfSigned();
      case "wrong-name":
        return authority.issue(["www.hosting.test"]);
      case "expired":
        return authority.issue(names, new Date(Date.now() - DAY_MS));
      case "incomplete": {
        const { certPem, keyPem } = await authority.issue(names);
        const [leaf = ""] = certPem.split(CERTIFICATE_END);
        return { certPem: `${leaf}${CERTIFICATE_END}`, keyPem };
      }
    }
  };
  return {
    rootPem: authority.rootPem,
    caFile: join(folder, "root.pem"),
    of: async (kind, names) => {
      const key = `${kind} ${names.join(" ")}`;
      const known = made.get(key) ?? issue(kind, names).then(ready);
      made.set(key, known);
      return known;
    },
    close: () => rm(folder, { recursive: true }),
  };
}

function ready({ certPem, keyPem }: IssuedCertificate): StoredCertificate {
  const context = createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" });
  return { certPem, keyPem, leaf: new X509Certificate(certPem), context };
}
