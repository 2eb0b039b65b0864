import { MailAutodiscoverError } from "../../src/errors.ts";
import type { AcmeAuthorization, AcmeOrder, AcmeService } from "../../src/certificates/ports.ts";

const authorization: AcmeAuthorization = {
  url: "https://ca.test/authz/1",
  identifier: "example.test",
  isWildcard: false,
  status: "pending",
  challenges: [
    {
      url: "https://ca.test/challenge/1",
      type: "dns-01",
      status: "pending",
      token: "token",
      failure: undefined,
    },
  ],
  retryAfterMs: undefined,
};

export const pendingOrder: AcmeOrder = {
  url: "https://ca.test/order/1",
  status: "pending",
  authorizationUrls: [authorization.url],
  finalizeUrl: "https://ca.test/finalize/1",
  certificateUrl: undefined,
  profile: undefined,
  failure: undefined,
  retryAfterMs: undefined,
};

/** A CA of which a test overrides what it is about; `calls` keeps the names of the calls. */
export function fakeAcme(
  overrides: Partial<AcmeService>,
): AcmeService & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  let status: AcmeAuthorization["status"] = "pending";
  const service: AcmeService = {
    directoryUrl: `https://ca.test/${Math.random()}`,
    directory: () =>
      Promise.resolve({
        profiles: [],
        termsOfService: undefined,
        externalAccountRequired: false,
        caaIdentities: [],
      }),
    findAccount: () => Promise.resolve({ url: "https://ca.test/account/1", status: "valid" }),
    createAccount: () => Promise.resolve({ url: "https://ca.test/account/1", status: "valid" }),
    changeAccountKey: () => Promise.resolve(),
    withAccountKey: () => service,
    updateContacts: () => Promise.resolve(),
    deactivateAccount: () => Promise.resolve(),
    newOrder: () => Promise.resolve(pendingOrder),
    getOrder: () => Promise.resolve({ ...pendingOrder, status: "ready" }),
    getAuthorization: () => Promise.resolve({ ...authorization, status }),
    challengeValue: () => Promise.resolve("value"),
    completeChallenge: () => {
      status = "valid";
      return Promise.resolve();
    },
    deactivateAuthorization: () => Promise.resolve(),
    finalizeOrder: () => Promise.reject(new Error("not part of this test")),
    downloadCertificate: () => Promise.reject(new Error("not part of this test")),
    revokeCertificate: () => Promise.resolve(),
    renewalInfo: () => Promise.resolve(undefined),
    ...overrides,
  };
  const recorded = new Proxy(service, {
    get: (target, property, receiver): unknown => {
      const value: unknown = Reflect.get(target, property, receiver);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        calls.push(String(property));
        return Reflect.apply(value, target, args);
      };
    },
  });
  return Object.assign(recorded, { calls });
}

export function acmeError(
  code: "acme-refused" | "acme-rate-limited" | "acme-unreachable",
  cause?: object,
): MailAutodiscoverError {
  return new MailAutodiscoverError(code, `test: ${code}`, { remedy: "None.", cause });
}
