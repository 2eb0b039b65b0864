import { answerWords } from "../world/answer-words.ts";
import { followRedirects, type FollowOptions } from "./follow-redirects.ts";
import type { Trace } from "./trace.ts";
import type { WorldRequest, WorldResponse } from "../world/world.ts";

export type AnsweredResponse = Extract<WorldResponse, { readonly state: "answered" }>;

/** What a client does with an answer: takes it, goes on, or ends its search there without settings. */
export type Judgement<T> =
  | { readonly effect: "used"; readonly answer: string; readonly value: T }
  | { readonly effect: "passed" | "ended"; readonly answer: string; readonly value?: T | undefined };

export interface DocumentQuestion<T> {
  /** The step's `what`. */
  readonly what: string;
  readonly request: WorldRequest;
  readonly redirects: FollowOptions;
  /** Default: none that is not trusted. */
  readonly acceptsTlsError?: ((tlsError: string) => boolean) | undefined;
  /** Asked for the last answer, where its connection is good enough for the client. */
  readonly judge: (response: AnsweredResponse) => Judgement<T>;
}

export interface DocumentAnswer<T> {
  /** Of the last request. */
  readonly url: string;
  readonly response: WorldResponse;
  /** Undefined where there was no answer over a good connection. */
  readonly judgement: Judgement<T> | undefined;
}

/** Asks for a document as a client does: over a trusted connection, redirects followed, its own judgement at the end. */
export async function askDocument<T>(
  trace: Trace,
  { what, request, redirects, acceptsTlsError, judge }: DocumentQuestion<T>,
): Promise<DocumentAnswer<T>> {
  let judgement: Judgement<T> | undefined;
  const { url, response } = await followRedirects(trace, what, request, redirects, (answer) => {
    const isGood =
      answer.state === "answered" &&
      (answer.tlsError === undefined || acceptsTlsError?.(answer.tlsError) === true);
    judgement = isGood ? judge(answer) : undefined;
    return judgement ?? { answer: answerWords(answer), effect: "passed" };
  });
  return { url, response, judgement };
}
