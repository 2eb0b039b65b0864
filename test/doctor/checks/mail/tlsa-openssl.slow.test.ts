/** OpenSSL implements RFC 6698 and RFC 7671 on its own: what it says of a record over a real handshake has to be said here. */
import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { readPeer } from "../../../../src/adapters/tls/peer-certificate.ts";
import { objectionTo, parseTlsa, type TlsaRecord } from "../../../../src/doctor/checks/mail/tlsa-match.ts";
import { makeAuthority, type Authority, type Made } from "../../../certificates/make-chain.ts";

const HOST = "mail.example.com";
const run = promisify(execFile);

let authority: Authority;
let leaf: Made;
let otherName: Made;

beforeAll(async () => {
  authority = await makeAuthority(new Date());
  leaf = await authority.issue();
  otherName = await authority.issue({ dnsNames: ["other.example.net"] });
});

function recordsOf(made: Made): readonly string[] {
  const certificate = new X509Certificate(made.pem);
  const spki = certificate.publicKey.export({ format: "der", type: "spki" });
  return [2, 3].flatMap((usage) =>
    [certificate.raw, spki].flatMap((bytes, selector) => [
      `${usage} ${selector} 0 ${bytes.toString("hex")}`,
      `${usage} ${selector} 1 ${createHash("sha256").update(bytes).digest("hex")}`,
      `${usage} ${selector} 2 ${createHash("sha512").update(bytes).digest("hex")}`,
    ]),
  );
}

async function opensslAccepts(port: number, record: string): Promise<boolean> {
  // No root is known, and none is needed (RFC 7672 §3.1.1).
  const options = "-brief -verify_return_error -no-CAfile -no-CApath -no-CAstore -dane_ee_no_namechecks";
  const asked = run("openssl", [
    "s_client",
    "-connect",
    `127.0.0.1:${port}`,
    "-dane_tlsa_domain",
    HOST,
    "-dane_tlsa_rrdata",
    record,
    ...options.split(" "),
  ]);
  asked.child.stdin?.end();
  return asked.then(
    ({ stderr }) => stderr.includes("Verification: OK"),
    () => false,
  );
}

/** What is sent on the handshake, as a probe reads it. */
async function sentChain(port: number): Promise<readonly X509Certificate[]> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const chain = readPeer(socket)?.chain ?? [];
  socket.destroy();
  return chain.map((der) => new X509Certificate(der));
}

test.each(["leaf", "leaf and issuer", "all", "all in another order", "of another name"])(
  "of each record and a chain of %s OpenSSL says the same",
  async (kind) => {
    const { root, intermediate } = authority;
    const sent = {
      leaf: [leaf],
      "leaf and issuer": [leaf, intermediate],
      all: [leaf, intermediate, root],
      "all in another order": [leaf, root, intermediate],
      "of another name": [otherName, intermediate],
    }[kind] ?? [leaf];
    const server = createServer(
      { key: sent[0]?.keyPem, cert: sent.map(({ pem }) => pem).join("") },
      (socket) => {
        socket.on("error", () => undefined).end();
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const certificates = await sentChain(port);
      expect(certificates).toHaveLength(sent.length);
      const told: [string, boolean][] = [];
      const theirs: [string, boolean][] = [];
      for (const made of new Set([sent[0] ?? leaf, intermediate, root])) {
        for (const text of recordsOf(made)) {
          const chain = { certificates, host: HOST, now: new Date(), isAuthorized: false, roots: () => [] };
          const name = `${made.name} ${text.slice(0, 30)}`;
          told.push([name, objectionTo(parseTlsa(text) as TlsaRecord, chain) === undefined]);
          theirs.push([name, await opensslAccepts(port, text)]);
        }
      }
      expect(told).toEqual(theirs);
      expect(told.some(([, isRight]) => isRight)).toBe(true);
    } finally {
      server.close();
    }
  },
);
