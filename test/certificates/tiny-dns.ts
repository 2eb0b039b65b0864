import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { decode, encode, type Answer, type Packet, type Question } from "dns-packet";

/** Records by `name/TYPE`, in dns-packet's form of the data. */
export type TinyZone = Map<string, readonly unknown[]>;

export interface TinyDns {
  /** `127.0.0.1:port`, the same port for UDP and TCP. */
  readonly address: string;
  /** `name/TYPE` of every question that came. */
  readonly questions: readonly string[];
  close(): Promise<void>;
}

export interface TinyQuery {
  readonly question: Question;
  readonly packet: Packet;
  readonly transport: "udp" | "tcp";
}

/** Replaces parts of an answer: a resolver that validates, one that truncates, one that lies. */
export type TinyTwist = (query: TinyQuery) => Partial<Packet> | undefined;

/** Starts a DNS server that answers what stands in the map, by UDP and by TCP (Pebble asks by TCP alone). */
export async function startTinyDns(zone: TinyZone, twist?: TinyTwist): Promise<TinyDns> {
  const questions: string[] = [];
  const answer = (packet: Packet, transport: "udp" | "tcp"): Packet => {
    const question = packet.questions?.[0];
    if (question === undefined) return { type: "response", id: packet.id ?? 0 };
    questions.push(`${question.name}/${question.type}`);
    return { ...reply(packet, question, zone), ...twist?.({ question, packet, transport }) };
  };

  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.on("data", (message) => {
      const body = encode(answer(decode(message.subarray(2)), "tcp"));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      socket.write(Buffer.concat([length, body]));
    });
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (message, from) =>
    udp.send(encode(answer(decode(message), "udp")), from.port, from.address),
  );
  udp.bind(port, "127.0.0.1");
  try {
    await once(udp, "listening");
  } catch {
    // Somebody has the port that TCP was given for UDP: another one is free for both.
    tcp.close();
    return startTinyDns(zone, twist);
  }

  return {
    address: `127.0.0.1:${port}`,
    questions,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
}

function reply(packet: Packet, question: Question, zone: TinyZone): Packet {
  const name = question.name.toLowerCase();
  const data = zone.get(`${name}/${question.type}`) ?? [];
  const isThere = data.length > 0 || [...zone.keys()].some((key) => key.startsWith(`${name}/`));
  const answers = data.map((each) => ({ type: question.type, name, ttl: 1, data: each }) as Answer);
  return {
    type: "response",
    id: packet.id ?? 0,
    // Authoritative answer 0x0400; NXDOMAIN 3.
    flags: 0x0400 | (isThere ? 0 : 3),
    questions: [question],
    answers,
  };
}
