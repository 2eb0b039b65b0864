import { randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { AcmeService, Clock, NewOrder, RenewalInfo } from "../../src/certificates/ports.ts";
import { acmeError, fakeAcme, pendingOrder } from "./fake-acme.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_MS = 60 * 60 * 1000;

/** A CA in memory that really issues, by the clock that it is given. What a test sets here counts from the next request on. */
export interface IssuingAcme {
  readonly service: AcmeService;
  readonly calls: readonly string[];
  readonly orders: readonly NewOrder[];
  readonly revocations: readonly { readonly pem: string; readonly reason: number }[];
  lifetimeMs: number;
  /** Answers to requests for renewal information; an error is a CA that fails, undefined one without. */
  renewal: RenewalInfo | Error | undefined;
  /** Thrown by newOrder, finalize or download, until it is taken away. */
  failing: Partial<Record<"order" | "finalize" | "download" | "revoke", Error>>;
}

/** Starts a CA whose accounts are always known and whose names are always proven. */
export async function issuingAcme(clock: Clock): Promise<IssuingAcme> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const issued = new Map<string, string>();
  const finalized = new Map<string, string>();
  const orders: NewOrder[] = [];
  const revocations: { pem: string; reason: number }[] = [];
  const failIf = (error: Error | undefined): void => {
    if (error !== undefined) throw error;
  };

  const fake = fakeAcme({
    directory: () =>
      Promise.resolve({
        profiles: ["classic", "tlsserver"],
        termsOfService: undefined,
        externalAccountRequired: false,
        caaIdentities: [],
      }),
    newOrder: async (order) => {
      orders.push(order);
      failIf(ca.failing.order);
      return await Promise.resolve({
        ...pendingOrder,
        url: `https://ca.test/order/${orders.length}`,
        status: "ready",
      });
    },
    getOrder: async (url) => {
      const certificateUrl = finalized.get(url);
      if (certificateUrl === undefined)
        return await Promise.resolve({ ...pendingOrder, url, status: "ready" });
      return { ...pendingOrder, url, status: "valid", certificateUrl };
    },
    finalizeOrder: async (order, csrPem) => {
      failIf(ca.failing.finalize);
      const certificateUrl = order.url.replace("order", "certificate");
      issued.set(certificateUrl, await sign(csrPem));
      finalized.set(order.url, certificateUrl);
      return { ...order, status: "valid", certificateUrl };
    },
    downloadCertificate: async (url) => {
      failIf(ca.failing.download);
      const pem = issued.get(url);
      if (pem === undefined) throw acmeError("acme-refused");
      return await Promise.resolve(pem);
    },
    revokeCertificate: async (pem, reason) => {
      failIf(ca.failing.revoke);
      revocations.push({ pem, reason });
      await Promise.resolve();
    },
    renewalInfo: async () => {
      if (ca.renewal instanceof Error) throw ca.renewal;
      return await Promise.resolve(ca.renewal);
    },
  });

  const sign = async (csrPem: string): Promise<string> => {
    const request = new Pkcs10CertificateRequest(csrPem);
    const names = request.extensions.find((each) => each instanceof SubjectAlternativeNameExtension);
    const now = clock.now().getTime();
    const certificate = await X509CertificateGenerator.create({
      // A top bit that is not set, and no leading zero.
      serialNumber: `4${randomBytes(8).toString("hex").slice(1)}`,
      subject: "",
      issuer: "CN=Test CA",
      // As Let's Encrypt does, where the lifetime has room for it.
      notBefore: new Date(now - Math.min(HOUR_MS, ca.lifetimeMs / 100)),
      notAfter: new Date(now + ca.lifetimeMs),
      signingAlgorithm: ALGORITHM,
      publicKey: request.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new AuthorityKeyIdentifierExtension("0102030405"),
        ...(names === undefined ? [] : [names]),
      ],
    });
    return `${certificate.toString("pem")}\n`;
  };

  const ca: IssuingAcme = {
    service: fake,
    calls: fake.calls,
    orders,
    revocations,
    lifetimeMs: 90 * 24 * HOUR_MS,
    renewal: undefined,
    failing: {},
  };
  return ca;
}
