/** What a gate and its rules see of an exchange, and what they can do to it. */

export interface GateRequest {
  /** The gate's word for what is asked: `newOrder`, `createTxt`. */
  readonly kind: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the body says, in the form that the gate's reader gives it; undefined where it says nothing. */
  readonly payload: unknown;
}

export interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A rule of the service that the server behind the gate lacks. */
export interface GateRule {
  /** Answers in the server's stead; undefined lets the request through. */
  before?(request: GateRequest): GateAnswer | undefined | Promise<GateAnswer | undefined>;
  /** Sees each answer of the server. */
  after?(request: GateRequest, answer: GateAnswer): void;
}

/** `before`: the server never saw the request. `after`: it did, and its answer is lost. */
export type Moment = "before" | "after";

export type FaultEffect =
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The connection ends without an answer. */
  | { readonly kind: "cut"; readonly moment: Moment }
  /** The connection stays open without an answer, until the gate closes. */
  | { readonly kind: "hold"; readonly moment: Moment }
  | { readonly kind: "answer"; readonly moment: Moment; readonly answer: GateAnswer }
  /** Another body under the server's own headers. */
  | { readonly kind: "spoil"; readonly change: (body: Buffer) => Buffer }
  /** Half of the body that was announced, then the end of the connection. */
  | { readonly kind: "truncate" };

export interface Fault {
  /** A kind, or a choice among all requests. */
  readonly meets: string | ((request: GateRequest) => boolean);
  readonly effect: FaultEffect;
  /** How many of those requests pass before the first that meets it. Default 0. */
  readonly skip?: number;
  /** How many it meets. Default 1; `Infinity` for all. */
  readonly times?: number;
}

export interface InjectedFault {
  /** Resolves when it has met its first request: with `after`, once the server has answered. */
  readonly met: Promise<void>;
  /** How many requests it has met. */
  readonly count: number;
  remove(): void;
}

/** Returns an answer with a JSON body. */
export function jsonAnswer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}
