import type { Discovery } from "../../src/clients/ladder/discovery.ts";

const NAME_WIDTH = 20;

/** Renders what each client ends with, a line a client: the part of a result that does not depend on time. */
export function renderOutcomes(title: string, results: readonly Discovery[]): string {
  return [`# ${title}`, ...results.map(renderOutcome), ""].join("\n");
}

export function renderOutcome(result: Discovery): string {
  const { client, outcome, incoming, outgoing, source, username, prompts, passwordSentTo } = result;
  const parts = [
    [incoming, outgoing].flatMap((server) => (server === undefined ? [] : [serverText(server)])).join(", "),
    username === undefined ? "" : `as ${username}`,
    source === undefined ? "" : `by ${source}`,
    prompts.length === 0
      ? ""
      : `prompts ${prompts.map(({ kind, target }) => `${kind} ${target}`).join(", ")}`,
    passwordSentTo.length === 0 ? "" : `password to ${passwordSentTo.join(", ")}`,
  ].filter((part) => part !== "");
  return `${client.padEnd(NAME_WIDTH)}${[outcome, ...parts].join("; ")}`;
}

function serverText({ protocol, host, port, tls }: NonNullable<Discovery["incoming"]>): string {
  return `${protocol} ${host}:${port} ${tls}`;
}
