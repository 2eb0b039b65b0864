import { expect, test } from "vitest";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { respond } from "../../src/responder/respond.ts";
import { CLIENT_REQUESTS, type ClientRequest } from "./client-requests.ts";
import { expectAnswer } from "./expect-answer.ts";
import { NOW } from "./memory-responder.ts";
import { replayDomain } from "./replay-domain.ts";

const settings = deriveClientSettings(replayDomain());
const tenants = async (domain: string): Promise<typeof settings | undefined> =>
  domain === "example.com" ? settings : undefined;

const named = CLIENT_REQUESTS.map((request): [string, ClientRequest] => [
  `${request.client}: ${request.method} ${request.url}`,
  request,
]);

test.each(named)("%s", async (_, request) => {
  const { method, headers, body } = request;
  const response = await respond(
    new Request(request.url, { method, headers, ...(body === undefined ? {} : { body }) }),
    { tenants, now: () => NOW },
  );
  const text = await response.text();
  expectAnswer(
    { status: response.status, body: text, header: (name) => response.headers.get(name) ?? undefined },
    request,
  );
});

test("the table has a request of every client that reads anything of ours", () => {
  const clients = new Set(CLIENT_REQUESTS.map(({ client }) => client.split(/,| /)[0]));
  for (const client of [
    "Thunderbird",
    "FairEmail",
    "Delta",
    "Evolution",
    "KMail",
    "Geary",
    "Mailspring",
    "Nextcloud",
    "Outlook",
    "eM",
  ]) {
    expect(clients).toContain(client);
  }
});
