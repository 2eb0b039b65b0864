import { beforeEach, describe, expect, test } from "vitest";
import type { AcmeAccountState, AcmeService } from "../../src/certificates/ports.ts";
import { acmeAccount } from "../../src/components/providers/acme-account.ts";
import { dynamicProvider, type Properties } from "../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";
import { acmeError, fakeAcme } from "../certificates/fake-acme.ts";

const DIRECTORY = "https://ca.test/directory";

/** Accounts by key, as a CA keeps them. */
class AccountCa extends ProviderContext {
  readonly accounts = new Map<string, AcmeAccountState>();
  readonly bindings: unknown[] = [];
  readonly lines: string[] = [];
  overrides: Partial<AcmeService> = {};

  override acme(
    _directoryUrl: string,
    key: string,
    options: { readonly externalAccountBinding?: unknown } = {},
  ): Promise<AcmeService> {
    return Promise.resolve(this.#service(key, options.externalAccountBinding));
  }

  #service(key: string, binding: unknown): AcmeService {
    return fakeAcme({
      findAccount: () => Promise.resolve(this.accounts.get(key)),
      createAccount: (contact) => {
        this.bindings.push(binding);
        const account = { url: `https://ca.test/account/${this.bindings.length}`, status: "valid", contact };
        this.accounts.set(key, account);
        return Promise.resolve(account);
      },
      changeAccountKey: (newKey) => {
        const account = this.accounts.get(key);
        if (account === undefined) return Promise.reject(acmeError("acme-refused"));
        this.accounts.delete(key);
        this.accounts.set(newKey, account);
        return Promise.resolve();
      },
      updateContacts: (contact) => {
        const account = this.accounts.get(key);
        if (account !== undefined) this.accounts.set(key, { ...account, contact });
        return Promise.resolve();
      },
      deactivateAccount: () => {
        const account = this.accounts.get(key);
        if (account !== undefined) this.accounts.set(key, { ...account, status: "deactivated" });
        return Promise.resolve();
      },
      withAccountKey: (newKey) => this.#service(newKey, binding),
      ...this.overrides,
    });
  }

  override say(line: string): void {
    this.lines.push(line);
  }
}

let ca: AccountCa;
let provider: ReturnType<typeof dynamicProvider>;

beforeEach(() => {
  ca = new AccountCa();
  provider = dynamicProvider(acmeAccount, ca);
});

const create = async (inputs: Properties = {}): Promise<{ id: string; outs: Properties }> =>
  await provider.create({ directoryUrl: DIRECTORY, ...inputs });

describe("an account", () => {
  test("has an address and a key, and nothing of its external account binding", async () => {
    const eab = { kid: "kid", hmacKey: "secret" };
    const { outs } = await create({ eab, email: "postmaster@example.com" });
    expect(Object.keys(outs).toSorted()).toEqual(["accountKeyPem", "accountUrl", "directoryUrl", "email"]);
    expect(ca.bindings).toEqual([eab]);
    expect(JSON.stringify(outs)).not.toContain("secret");
  });

  test("of another CA is another account; all else is an update", async () => {
    const { id, outs } = await create();
    expect(await provider.diff(id, outs, { directoryUrl: "https://other.test/dir" })).toMatchObject({
      changes: true,
      replaces: ["directoryUrl"],
    });
    for (const other of [{ email: "a@example.com" }, { keyVersion: 1 }, { deactivateOnDelete: true }]) {
      const news = { directoryUrl: DIRECTORY, ...other };
      expect(await provider.diff(id, outs, news)).toEqual({ changes: true, replaces: [] });
      const { outs: next } = await provider.update(id, outs, news);
      expect(await provider.diff(id, next, news)).toEqual({ changes: false, replaces: [] });
      expect(await provider.diff(id, next, { directoryUrl: DIRECTORY })).toMatchObject({ changes: true });
    }
  });

  test("does not differ by a binding that expired or was taken away, nor by defaults that are written out", async () => {
    const { id, outs } = await create({ eab: { kid: "kid", hmacKey: "secret" } });
    for (const eab of [undefined, { kid: "other", hmacKey: "other" }]) {
      const news = { directoryUrl: DIRECTORY, eab, keyVersion: 0, deactivateOnDelete: false, email: "" };
      expect((await provider.diff(id, outs, news)).changes).toBe(false);
    }
  });
});

describe("another key version", () => {
  test("rolls the account over: same address, other key", async () => {
    const { id, outs } = await create();
    const { outs: next } = await provider.update(id, outs, { directoryUrl: DIRECTORY, keyVersion: 1 });
    expect(next["accountUrl"]).toBe(outs["accountUrl"]);
    expect(next["accountKeyPem"]).not.toBe(outs["accountKeyPem"]);
    expect([...ca.accounts.keys()]).toEqual([next["accountKeyPem"]]);
    expect(ca.lines).toEqual([]);
  });

  test("after a kill that lost the new key registers anew and says that CAA records change", async () => {
    const { id, outs } = await create();
    ca.accounts.clear();
    const news = { directoryUrl: DIRECTORY, keyVersion: 1, eab: { kid: "k", hmacKey: "h" } };
    const { outs: next } = await provider.update(id, outs, news);
    expect(next["accountUrl"]).toBe("https://ca.test/account/2");
    expect(ca.bindings).toEqual([undefined, news.eab]);
    expect(ca.lines).toEqual([expect.stringMatching(/CAA records/u)]);
  });

  test("reaches the state even where the new contact does not reach the CA", async () => {
    const { id, outs } = await create({ email: "a@example.com" });
    ca.overrides = { updateContacts: () => Promise.reject(acmeError("acme-unreachable")) };
    const news = { directoryUrl: DIRECTORY, keyVersion: 1, email: "b@example.com" };
    const { outs: next } = await provider.update(id, outs, news);
    expect(ca.accounts.has(String(next["accountKeyPem"]))).toBe(true);
    expect(ca.lines).toEqual([expect.stringMatching(/contact was not changed/u)]);
  });
});

test("another contact is told to a CA that keeps contacts", async () => {
  const { id, outs } = await create({ email: "a@example.com" });
  await provider.update(id, outs, { directoryUrl: DIRECTORY, email: "b@example.com" });
  expect(ca.accounts.get(String(outs["accountKeyPem"]))?.contact).toEqual(["b@example.com"]);
});

describe("a refresh", () => {
  test("finds the address under which a later order registered the account again", async () => {
    const { id, outs } = await create();
    ca.accounts.set(String(outs["accountKeyPem"]), { url: "https://ca.test/account/9", status: "valid" });
    expect((await provider.read(id, outs)).props).toEqual({
      ...outs,
      accountUrl: "https://ca.test/account/9",
    });
  });

  test.each([
    ["has lost it", () => Promise.resolve(undefined), /no account of this key/u],
    ["does not answer", () => Promise.reject(acmeError("acme-unreachable")), /could not be looked up/u],
  ])("keeps the account and warns where the CA %s", async (_what, findAccount, line) => {
    const { id, outs } = await create();
    ca.overrides = { findAccount };
    expect((await provider.read(id, outs)).props).toEqual(outs);
    expect(ca.lines).toEqual([expect.stringMatching(line)]);
  });
});

describe("the end of an account", () => {
  test.each([
    [false, "valid"],
    [true, "deactivated"],
  ])("with deactivateOnDelete %s leaves it %s at the CA", async (deactivateOnDelete, status) => {
    const { id, outs } = await create({ deactivateOnDelete });
    await provider.delete(id, outs);
    await provider.delete(id, outs);
    expect(ca.accounts.get(String(outs["accountKeyPem"]))?.status).toBe(status);
  });
});
