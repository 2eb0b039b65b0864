/** BIND as an authoritative server of generated zones on loopback, and questions to it over one TCP connection. */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { streamDecode, streamEncode, type Packet, type RecordType } from "dns-packet";
import type { ServerAnswer } from "./answer-text.ts";
import type { Question } from "./generated-zone.ts";

export interface Named extends AsyncDisposable {
  /** Returns the answers in the order of the questions. */
  ask(questions: readonly Question[]): Promise<readonly ServerAnswer[]>;
}

const HOST = "127.0.0.1";
const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;
/** An id has 16 bits; fewer keep the buffers of both sides small. */
const QUESTIONS_AT_ONCE = 500;
/** Between the choice of a port and its use somebody else may take it. */
const ATTEMPTS = 3;

/** Returns where `named` is, `/usr/sbin` included, which is not on every user's PATH; undefined where it is not. */
export function findNamed(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "named")).find(isExecutable);
}

/** Starts `named` with the zones (name to master file) and returns when all are loaded. */
export async function startNamed(program: string, zones: ReadonlyMap<string, string>): Promise<Named> {
  const folder = await mkdtemp(join(tmpdir(), "named-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // Debian's AppArmor profile goes by the program's path and would keep it out of this folder.
    const copy = join(folder, "named");
    await copyFile(program, copy, constants.COPYFILE_FICLONE);
    await Promise.all(
      [...zones].map(([name, master]) => writeFile(join(folder, `${name}.zone`), `${master}\n`)),
    );
    const { child, socket } = await attempt(ATTEMPTS, () => launch(copy, folder, [...zones.keys()]));
    return {
      ask: (questions) => askAll(socket, questions),
      [Symbol.asyncDispose]: async () => {
        socket.destroy();
        await stop(child);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function launch(
  program: string,
  folder: string,
  zones: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly socket: Socket }> {
  const port = await freePort();
  await writeFile(join(folder, "named.conf"), configuration(folder, port, zones));
  const child = spawn(program, ["-g", "-4", "-n", "1", "-c", join(folder, "named.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    await isRunning(child);
    return { child, socket: await connected(port) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** Everything that would look at other servers, write files or refuse what the RFCs permit is off. */
function configuration(folder: string, port: number, zones: readonly string[]): string {
  return [
    "options {",
    `directory "${folder}"; pid-file none; session-keyfile none; lock-file none;`,
    `listen-on port ${port} { ${HOST}; }; listen-on-v6 { none; };`,
    "recursion no; notify no; dnssec-validation no; empty-zones-enable no; minimal-responses yes;",
    "check-names primary ignore; check-integrity no; check-mx ignore; check-wildcard no; check-sibling no;",
    "};",
    "controls { };",
    "logging { channel log { stderr; severity notice; }; category default { log; }; };",
    ...zones.map((name) => `zone "${name}" { type primary; file "${name}.zone"; };`),
    "",
  ].join("\n");
}

async function isRunning(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let log = "";
  const fail = (what: string): void => reject(new Error(`named ${what}:\n${log.slice(-4_000)}`));
  const timer = setTimeout(() => fail("did not start in time"), START_TIMEOUT_MS);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (/not loaded due to errors/.test(log)) fail("refused a zone");
    if (/^[^\n]*: running|\brunning$/m.test(log)) resolve();
  });
  child.once("error", (error) => fail(error.message));
  child.once("exit", () => fail("ended"));
  await promise.finally(() => clearTimeout(timer));
}

async function askAll(socket: Socket, questions: readonly Question[]): Promise<readonly ServerAnswer[]> {
  const answers: ServerAnswer[] = [];
  for (let start = 0; start < questions.length; start += QUESTIONS_AT_ONCE) {
    answers.push(...(await askTogether(socket, questions.slice(start, start + QUESTIONS_AT_ONCE))));
  }
  return answers;
}

/** The server answers in any order (RFC 7766 §7): the id is the place of the question. */
async function askTogether(socket: Socket, questions: readonly Question[]): Promise<readonly ServerAnswer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly ServerAnswer[]>();
  const answers = new Map<number, ServerAnswer>();
  let buffer = Buffer.alloc(0);
  const receive = (chunk: Buffer): void => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
      const end = 2 + buffer.readUInt16BE(0);
      const packet = streamDecode(buffer.subarray(0, end));
      buffer = buffer.subarray(end);
      if (packet !== null) answers.set(packet.id ?? -1, toServerAnswer(packet));
    }
    if (answers.size === questions.length) {
      resolve(questions.map((_, id) => answers.get(id) as ServerAnswer));
    }
  };
  const fail = (): void => reject(new Error("named closed the connection or did not answer in time"));
  const timer = setTimeout(fail, ANSWER_TIMEOUT_MS);
  socket.on("data", receive).once("close", fail);
  const packets = questions.map(({ name, type }, id) =>
    streamEncode({
      type: "query",
      id,
      flags: 0,
      questions: [{ name, type: type as RecordType, class: "IN" }],
    }),
  );
  socket.write(Buffer.concat(packets));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off("data", receive).off("close", fail);
  });
}

function toServerAnswer(packet: Packet): ServerAnswer {
  const records = (section: Packet["answers"]): ServerAnswer["answers"] =>
    (section ?? []).map((record) => ({
      owner: record.name.toLowerCase(),
      type: record.type,
      data: "data" in record ? record.data : undefined,
    }));
  return {
    // `dns-packet` decodes the code, its types do not have it.
    rcode: (packet as Packet & { readonly rcode: string }).rcode,
    answers: records(packet.answers),
    authorities: records(packet.authorities),
  };
}

async function connected(port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: HOST, port, noDelay: true }, () => resolve(socket));
  // A later error is followed by "close", which is what a question waits for.
  socket.on("error", reject);
  return promise;
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, HOST, () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
  return promise;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  child.kill("SIGKILL");
  await promise;
}

async function attempt<T>(times: number, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (times <= 1) throw error;
    return attempt(times - 1, action);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
