import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuthority } from "../../../infra/sandbox/authority/open-authority.ts";
import { startTinyDns } from "../../certificates/tiny-dns.ts";
import { fileFolder } from "../file-folder.ts";
import { runCommand } from "../run-command.ts";

const folder = fileFolder("cli-explain-network-");

test("--ask-network finds whom a wildcard's web host makes clients give the password, and that the change ends it", async () => {
  const authority = await openAuthority(join(folder.path, "authority"));
  const issued = await authority.issue(["*.example.com"]);
  const passwords: unknown[] = [];
  const host = createServer({ cert: issued.certPem, key: issued.keyPem }, (request, response) => {
    if (request.headers.authorization !== undefined) passwords.push(request.url);
    response.writeHead(401, { "www-authenticate": 'Basic realm="shop"' }).end();
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  const { port } = host.address() as AddressInfo;
  const dns = await startTinyDns(
    new Map(
      ["autodiscover", "autoconfig"].map((label) => [`${label}.example.com/A`, ["192.0.2.80"]] as const),
    ),
  );
  try {
    const files = [
      await folder.file(
        "example.com.yaml",
        "domain: example.com\nmailServer: { host: mail.example.com, addresses: [203.0.113.25] }\n",
      ),
      "--zone",
      await folder.file(
        "zone.json",
        '[{ "zone": "example.com", "records": [{ "type": "A", "name": "*", "content": "192.0.2.80" }] }]',
      ),
    ];
    const roots = await folder.file("roots.pem", authority.rootPem);
    const network = [
      "--ask-network",
      "--resolver",
      dns.address,
      "--ca-file",
      roots,
      "--timeout",
      "2s",
      ...["autodiscover", "autoconfig"].flatMap((label) => [
        "--connect-to",
        `${label}.example.com:443:127.0.0.1:${port}`,
      ]),
    ];
    const argv = ["explain", ...files, "--client", "outlook", "--workers-dev-host", "m.example.workers.dev"];
    const { stdout, exitCode } = await runCommand([...argv, ...network, "--json"]);
    expect(exitCode).toBe(0);
    const { domains } = JSON.parse(stdout) as { readonly domains: readonly { readonly clients: unknown }[] };
    expect(domains[0]?.clients).toMatchObject([
      {
        client: "outlook",
        verdict: "better",
        before: { passwordSentTo: ["https://autodiscover.example.com"] },
        after: { outcome: "configured", passwordSentTo: [] },
      },
    ]);
    // It is the client that would send one; who looks at it has none.
    expect(passwords).toEqual([]);
  } finally {
    host.close();
    await dns.close();
  }
});
