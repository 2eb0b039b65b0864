import { z } from "zod";
import { formatAcmeProblem, parseAcmeProblem } from "../../certificates/acme-problem.ts";
import type {
  AcmeAccountState,
  AcmeAuthorization,
  AcmeDirectory,
  AcmeOrder,
  RenewalInfo,
} from "../../certificates/ports.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { parseRetryAfterMs } from "./acme-retry-after.ts";

/** The directory with the address that only the adapter needs. */
export interface AcmeDirectoryObject extends AcmeDirectory {
  /** Absent where the CA has no renewal information (RFC 9773 §3). */
  readonly renewalInfoUrl: string | undefined;
}

const problem = z.unknown().transform((value) => {
  return value === undefined || value === null ? undefined : formatAcmeProblem(parseAcmeProblem(value, 0));
});

const directoryObject = z.object({
  newNonce: z.url(),
  newAccount: z.url(),
  newOrder: z.url(),
  renewalInfo: z.url().optional(),
  meta: z
    .object({
      profiles: z.record(z.string(), z.unknown()).optional(),
      termsOfService: z.string().optional(),
      externalAccountRequired: z.boolean().optional(),
      caaIdentities: z.array(z.string()).optional(),
    })
    .optional(),
});

const accountObject = z.object({
  status: z.string(),
  // Left out by CAs that keep no contacts; null where Go writes an empty list.
  contact: z
    .array(z.string())
    .nullish()
    .transform((contact) => contact ?? undefined),
});

const orderObject = z.object({
  // A status of their own is an order's end: Pebble before 2.5 says "deactivated" where RFC 8555 §7.1.6 has "invalid".
  status: z.union([
    z.enum(["pending", "ready", "processing", "valid"]),
    z.string().transform(() => "invalid" as const),
  ]),
  authorizations: z.array(z.url()),
  finalize: z.url(),
  certificate: z.url().optional(),
  profile: z.string().optional(),
  error: problem.optional(),
});

const authorizationObject = z.object({
  status: z.enum(["pending", "valid", "invalid", "deactivated", "expired", "revoked"]),
  identifier: z.object({ value: z.string() }),
  wildcard: z.boolean().optional(),
  // Types and members of challenges to come must not stop us: only what every challenge has is asked (RFC 8555 §8).
  challenges: z.array(
    z.object({
      url: z.url(),
      type: z.string(),
      status: z.string(),
      token: z.string().default(""),
      error: problem.optional(),
    }),
  ),
});

const renewalInfoObject = z.object({
  suggestedWindow: z.object({
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }),
  }),
  explanationURL: z.string().optional(),
});

/** Reads a directory (RFC 8555 §7.1.1). @throws MailAutodiscoverError `acme-unreachable`, as all readers here */
export function readDirectory(data: unknown): AcmeDirectoryObject {
  const { meta, renewalInfo } = read("directory", directoryObject, data);
  return {
    profiles: Object.keys(meta?.profiles ?? {}),
    termsOfService: meta?.termsOfService,
    externalAccountRequired: meta?.externalAccountRequired ?? false,
    caaIdentities: meta?.caaIdentities ?? [],
    renewalInfoUrl: renewalInfo,
  };
}

/** Reads an account (RFC 8555 §7.1.2). */
export function readAccount(location: string | undefined, data: unknown): AcmeAccountState {
  const url = read("account address", z.url(), location);
  const { status, contact } = read("account", accountObject, data);
  return { url, status, ...(contact === undefined ? {} : { contact }) };
}

/** Reads an order (RFC 8555 §7.1.3). */
export function readOrder(url: string, data: unknown, retryAfter: string | undefined): AcmeOrder {
  const order = read("order", orderObject, data);
  return {
    url: read("order address", z.url(), url),
    status: order.status,
    authorizationUrls: order.authorizations,
    finalizeUrl: order.finalize,
    certificateUrl: order.certificate,
    profile: order.profile,
    failure: order.error,
    retryAfterMs: parseRetryAfterMs(retryAfter, new Date()),
  };
}

/** Reads an authorization (RFC 8555 §7.1.4). */
export function readAuthorization(
  url: string,
  data: unknown,
  retryAfter: string | undefined,
): AcmeAuthorization {
  const authorization = read("authorization", authorizationObject, data);
  return {
    url,
    identifier: authorization.identifier.value,
    isWildcard: authorization.wildcard ?? false,
    status: authorization.status,
    challenges: authorization.challenges.map(({ error, ...challenge }) => ({ ...challenge, failure: error })),
    retryAfterMs: parseRetryAfterMs(retryAfter, new Date()),
  };
}

/** Reads renewal information (RFC 9773 §4.2). */
export function readRenewalInfo(data: unknown, retryAfter: string | undefined): RenewalInfo {
  const info = read("renewal information", renewalInfoObject, data);
  return {
    window: info.suggestedWindow,
    explanationUrl: info.explanationURL,
    retryAfterMs: parseRetryAfterMs(retryAfter, new Date()),
  };
}

/** The error of an answer that no ACME server would give: a wrong address, or a portal in between. */
export function notAcme(what: string, cause: unknown): MailAutodiscoverError {
  const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  return new MailAutodiscoverError(
    "acme-unreachable",
    `${what}: not the answer of an ACME server: ${reason}.`,
    {
      remedy:
        "Check the ACME directory's address, and that nothing between here and there answers in its place.",
      retryable: true,
      cause,
    },
  );
}

function read<T>(what: string, schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw notAcme(`The ${what}`, z.prettifyError(result.error).replaceAll("\n", " "));
}
