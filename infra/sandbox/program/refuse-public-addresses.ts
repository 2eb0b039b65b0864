import { connectTarget } from "../../../src/adapters/connect-to.ts";
import { MailAutodiscoverError } from "../../../src/errors.ts";

/**
 * Refuses a Cloudflare API or ACME directory that is not on loopback: a sandbox never touches a living zone. The
 * sandbox's CA has a name of its own, which has to be connected to loopback.
 */
export function refusePublicAddresses(
  config: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): void {
  const network = JSON.parse(config["mail-autodiscover:network"] ?? "{}") as {
    connectTo?: readonly string[];
  };
  const addresses = {
    "Cloudflare API": config["cloudflare:baseUrl"] ?? environment["CLOUDFLARE_BASE_URL"],
    "ACME directory": config["mail-autodiscover:acmeDirectory"],
  };
  for (const [what, address] of Object.entries(addresses)) {
    if (
      address !== undefined &&
      URL.canParse(address) &&
      isLoopback(new URL(address), network.connectTo ?? [])
    )
      continue;
    throw new MailAutodiscoverError(
      "invalid-config",
      `The ${what} is not on loopback: ${address ?? "not set"}.`,
      {
        remedy:
          "Deploy to the public services with a real engine; the local runner is for the sandbox alone.",
      },
    );
  }
}

function isLoopback(url: URL, connectTo: readonly string[]): boolean {
  const port = url.port === "" ? 443 : Number(url.port);
  const host = connectTarget(connectTo, url.hostname, port)?.host ?? url.hostname;
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === "localhost" || host === "[::1]";
}
