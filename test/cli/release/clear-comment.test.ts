import Cloudflare from "cloudflare";
import { expect, test } from "vitest";
import { clearComment } from "../../../src/cli/release/clear-comment.ts";

const id = "0123456789abcdef0123456789abcdef";
const zone = { id, name: "example.com", accountId: id, plan: "free", permissions: [] };
const record = {
  id,
  type: "SRV",
  name: "_imaps._tcp.example.com",
  content: "1 993 mail.example.com",
  ttl: 600,
  proxied: false,
  comment: "ours",
};

/** The SDK before a service that gives one answer; what it was sent is kept. */
function answering(comment: string | null): { readonly client: Cloudflare; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const client = new Cloudflare({
    apiToken: "token",
    maxRetries: 0,
    fetch: (_url, init) => {
      sent.push({ method: init?.method, body: JSON.parse(init?.body as string) as unknown });
      return Promise.resolve(Response.json({ success: true, result: { ...record, comment } }));
    },
  });
  return { client, sent };
}

test("the request names nothing whose value could change but the comment", async () => {
  const { client, sent } = answering(null);
  await clearComment(client, zone, record);
  const { name, type, ttl } = record;
  expect(sent).toEqual([{ method: "PATCH", body: { name, type, ttl, comment: "" } }]);
});

test("an answer that still bears the comment is an error, though its status is 200", async () => {
  await expect(clearComment(answering("ours").client, zone, record)).rejects.toMatchObject({
    code: "cloudflare-refused",
    message: expect.stringContaining("kept the comment of _imaps._tcp.example.com/SRV"),
  });
});
