// temporary
import dgram from "node:dgram";
import net from "node:net";
import * as dp from "dns-packet";
export async function startDns(o: any): Promise<any> {
  const answer = (buf: Buffer, rec: boolean): Buffer => {
    const q = dp.decode(buf);
    const question = q.questions![0]!;
    const name = question.name.toLowerCase();
    const answers: any[] = [];
    const all = o.store.zones().flatMap((z: any) => o.store.records(z.id));
    const push = (type: string, data: any): void => {
      answers.push({ name: question.name, type, class: "IN", ttl: 60, data });
    };
    if (o.mailHosts().has(name) && question.type === "A") push("A", o.mailAddress);
    else if (o.extraHosts().has(name) && question.type === "A") push("A", o.extraHosts().get(name));
    else
      for (const r of all.filter((x: any) => x.name === name)) {
        if (r.proxied) {
          if (question.type === "A") push("A", o.edgeAddress);
        } else if (r.type === question.type) {
          if (r.type === "TXT") push("TXT", [r.content.replace(/^"|"$/g, "")]);
          else if (r.type === "SRV") push("SRV", { ...r.data, target: r.data.target });
          else push(r.type, r.content);
        }
      }
    return dp.encode({
      id: q.id,
      type: "response",
      flags: dp.AUTHORITATIVE_ANSWER | dp.RECURSION_AVAILABLE,
      questions: q.questions,
      answers,
    } as any);
  };
  const listen = async (host: string, port: number): Promise<any> => {
    const t = net.createServer((s) => {
      let b = Buffer.alloc(0);
      s.on("error", () => {});
      s.on("data", (d) => {
        b = Buffer.concat([b, d]);
        while (b.length > 2 && b.length >= 2 + b.readUInt16BE(0)) {
          const l = b.readUInt16BE(0);
          const a = answer(b.subarray(2, 2 + l), true);
          b = b.subarray(2 + l);
          const h = Buffer.alloc(2);
          h.writeUInt16BE(a.length);
          s.write(Buffer.concat([h, a]));
        }
      });
    });
    await new Promise<void>((r) => t.listen(port, host, r));
    const p = (t.address() as any).port;
    const u = dgram.createSocket("udp4");
    u.on("message", (m, i) => u.send(answer(m, true), i.port, i.address));
    await new Promise<void>((r) => u.bind(p, host, r));
    return {
      host,
      port: p,
      close: () => {
        t.close();
        u.close();
      },
    };
  };
  const recursive = await listen(o.host, o.port);
  const authoritative = await listen(o.authoritativeHost, o.authoritativePort);
  return {
    recursive,
    authoritative,
    close: async () => {
      recursive.close();
      authoritative.close();
    },
  };
}
export type RunningDns = any;
