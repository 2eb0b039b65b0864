import { expect } from "vitest";
import type { ClientRequest } from "./client-requests.ts";

export interface ReplayedAnswer {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | undefined;
}

/** Checks an answer against what the client of the request has to get. */
export function expectAnswer(answer: ReplayedAnswer, { expected }: ClientRequest): void {
  const { status, type, location, contains, lacks } = expected;
  expect(answer.status).toBe(status);
  if (type !== undefined) expect(answer.header("content-type")).toBe(type);
  expect(answer.header("location")).toBe(location);
  if (contains !== undefined) expect(answer.body).toContain(contains);
  if (lacks !== undefined) expect(answer.body).not.toContain(lacks);
  expect(answer.header("www-authenticate")).toBeUndefined();
  expect(answer.header("set-cookie")).toBeUndefined();
}
