import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { MailAutodiscoverError } from "../../errors.ts";
import { connectTarget } from "../connect-to.ts";

/** Nothing in ACME is near this: a chain of four certificates is 8 KiB. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** RFC 8555 §6.1 asks for one that names the client and the library. */
const USER_AGENT = "pulumi-mail-autodiscover acme-client/5.4.0";

export interface HttpsQuestion {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly ca?: string | undefined;
  readonly connectTo?: readonly string[] | undefined;
}

export interface HttpsAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated header the values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends one request and follows nothing. Plain HTTP is for loopback alone (RFC 8555 §6.1).
 *
 * @throws MailAutodiscoverError `invalid-config` for another address; the socket's own error; the signal's reason
 */
export async function sendHttps(question: HttpsQuestion, signal: AbortSignal): Promise<HttpsAnswer> {
  const url = parseAddress(question.url);
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<HttpsAnswer>();
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const request = send(requestOptions(url, question), (response) => {
    readAnswer(response).then(resolve, reject);
  });
  const abort = (): void => {
    const reason: unknown = signal.reason;
    request.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    reject(reason instanceof Error ? reason : new Error(String(reason)));
  };
  request.on("error", reject);
  signal.addEventListener("abort", abort, { once: true });
  request.end(question.body);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function requestOptions(url: URL, question: HttpsQuestion): RequestOptions {
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const isAddress = /^[\d.]+$|:/u.test(host);
  return {
    method: question.method,
    path: `${url.pathname}${url.search}`,
    ...(connectTarget(question.connectTo, host, port) ?? { host, port }),
    ...(isAddress ? {} : { servername: host }),
    ...(question.ca === undefined ? {} : { ca: question.ca }),
    headers: {
      host: url.host,
      "user-agent": USER_AGENT,
      "accept-language": "en",
      // RFC 8555 §6.2: the one type of a signed request.
      ...(question.body === undefined
        ? {}
        : {
            "content-type": "application/jose+json",
            "content-length": String(Buffer.byteLength(question.body)),
          }),
    },
  };
}

async function readAnswer(response: IncomingMessage): Promise<HttpsAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER_BYTES) {
      response.destroy();
      throw new Error(`the answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function parseAddress(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isLoopback = url !== undefined && /^(localhost|127\.[\d.]+|\[::1\])$/u.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return url;
  throw new MailAutodiscoverError("invalid-config", `"${written}" is no HTTPS address of an ACME server.`, {
    remedy: "Set the ACME directory's address, such as https://acme-v02.api.letsencrypt.org/directory.",
  });
}
