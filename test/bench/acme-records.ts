import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TinyZone } from "../certificates/tiny-dns.ts";

export interface RunningRecords extends AsyncDisposable {
  readonly url: string;
}

/** Lets other processes write TXT records into a zone in memory, with the calls of lego's `httpreq`: one way for every contender. */
export async function serveRecords(zone: TinyZone): Promise<RunningRecords> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { fqdn, value } = JSON.parse(body) as { fqdn: string; value: string };
      const key = `${fqdn.replace(/\.$/u, "")}/TXT`;
      const rest = (zone.get(key) ?? []).filter((each) => each !== value);
      const values = request.url === "/present" ? [...rest, value] : rest;
      if (values.length > 0) zone.set(key, values);
      else zone.delete(key);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Writes or takes back one record there. */
export async function changeRecord(
  url: string,
  action: "present" | "cleanup",
  name: string,
  value: string,
): Promise<void> {
  const answer = await fetch(`${url}/${action}`, {
    method: "POST",
    body: JSON.stringify({ fqdn: `${name}.`, value }),
  });
  await answer.arrayBuffer();
}
