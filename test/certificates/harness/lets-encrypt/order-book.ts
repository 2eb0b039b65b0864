import { member, parseJson, readOrderPayload, requestAccount, requestUrl } from "../acme-request.ts";
import type { GateAnswer, GateRequest, GateRule } from "../gate-exchange.ts";

export interface BookedOrder {
  readonly url: string;
  readonly account: string | undefined;
  readonly names: readonly string[];
  readonly profile: string | undefined;
  readonly replaces: string | undefined;
  readonly authorizations: readonly string[];
  status: string;
  /** The order object as last seen. */
  body: Buffer;
}

/** Orders that can still become a certificate. */
const OPEN: ReadonlySet<string> = new Set(["pending", "ready", "processing"]);

/** What the CA knows of its orders, learnt from the answers that pass. */
export class OrderBook implements GateRule {
  readonly #orders = new Map<string, BookedOrder>();

  find(matches: (order: BookedOrder) => boolean): BookedOrder | undefined {
    return [...this.#orders.values()].find(matches);
  }

  isOpen(order: BookedOrder): boolean {
    return OPEN.has(order.status);
  }

  after(request: GateRequest, answer: GateAnswer): void {
    const object = parseJson(answer.body);
    const status = member(object, "status");
    if (answer.status >= 400 || typeof status !== "string") return;
    if (request.kind === "newOrder") this.#book(request, answer, status);
    if (request.kind === "order") this.#see(requestUrl(request), status, answer.body);
    if (request.kind === "finalize") this.#see(answer.headers["location"] ?? "", status, answer.body);
    const isAuthorization = request.kind === "authz" || request.kind === "deactivation";
    // RFC 8555 §7.1.6: one authorization that cannot become valid ends the order.
    if (isAuthorization && status !== "pending" && status !== "valid") this.#end(requestUrl(request));
  }

  #book(request: GateRequest, answer: GateAnswer, status: string): void {
    const url = answer.headers["location"] ?? "";
    const authorizations = member(parseJson(answer.body), "authorizations");
    this.#orders.set(url, {
      url,
      account: requestAccount(request),
      ...readOrderPayload(request.payload),
      authorizations: Array.isArray(authorizations) ? authorizations.map(String) : [],
      status,
      body: answer.body,
    });
  }

  #see(url: string, status: string, body: Buffer): void {
    const order = this.#orders.get(url);
    if (order === undefined) return;
    order.status = status;
    order.body = body;
  }

  #end(authorization: string): void {
    for (const order of this.#orders.values()) {
      if (order.authorizations.includes(authorization) && this.isOpen(order)) order.status = "invalid";
    }
  }
}
