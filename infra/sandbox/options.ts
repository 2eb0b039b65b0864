import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MailAutodiscoverError } from "../../src/errors.ts";
import { MAIL_SERVICES } from "./mail/mail-services.ts";

/** The listeners whose port can be fixed. */
export const PORT_NAMES: readonly ["dns", "http", "https", ...typeof MAIL_SERVICES] = [
  "dns",
  "http",
  "https",
  ...MAIL_SERVICES,
];

export type PortName = (typeof PORT_NAMES)[number];

export interface SandboxOptions {
  readonly domains: string;
  readonly preload: string | undefined;
  readonly once: boolean;
  readonly engine: "auto" | "pulumi" | "local";
  readonly state: string;
  /** The one address of all listeners; undefined lets the sandbox choose loopback addresses of its own. */
  readonly address: string | undefined;
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
}

export const USAGE: string = `npm run sandbox -- [options]

  --domains DIR         domain files to deploy (default: infra/sandbox/domains)
  --preload FILE        zones as somebody else left them (JSON)
  --once                exit after the checks, with their exit code
  --engine ENGINE       auto, pulumi or local (default: auto)
  --state DIR           what outlives a run (default: .sandbox)
  --address IP          listen on this address only
  --PORT-port N         fix a port: ${PORT_NAMES.join(", ")}
  --help
`;

/** Parses the command line. @throws MailAutodiscoverError `usage`; undefined stands for `--help` */
export function parseOptions(argv: readonly string[]): SandboxOptions | undefined {
  const root = join(import.meta.dirname, "../..");
  const values = parse(argv);
  if (values["help"] === true) return undefined;
  const engine = text(values, "engine") ?? "auto";
  if (engine !== "auto" && engine !== "pulumi" && engine !== "local") {
    throw usage(`--engine ${engine} is not an engine`);
  }
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of PORT_NAMES) {
    const value = text(values, `${name}-port`);
    if (value !== undefined) ports[name] = port(`--${name}-port`, value);
  }
  const preload = text(values, "preload");
  const isFixed = Object.keys(ports).length > 0;
  return {
    domains: resolve(text(values, "domains") ?? join(root, "infra/sandbox/domains")),
    preload: preload === undefined ? undefined : resolve(preload),
    once: values["once"] === true,
    engine,
    state: resolve(text(values, "state") ?? join(root, ".sandbox")),
    address: text(values, "address") ?? (isFixed ? "127.0.0.1" : undefined),
    ports,
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(argv: readonly string[]): Values {
  const strings = [
    "domains",
    "preload",
    "engine",
    "state",
    "address",
    ...PORT_NAMES.map((name) => `${name}-port`),
  ];
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      options: {
        once: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        ...Object.fromEntries(strings.map((name) => [name, { type: "string" as const }])),
      },
    });
    return values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

function port(option: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 65535) return number;
  throw usage(`${option} ${value} is not a port from 1 to 65535`);
}

function usage(message: string): MailAutodiscoverError {
  return new MailAutodiscoverError("usage", message, { remedy: "See npm run sandbox -- --help." });
}
