import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { renderAutodiscoverV2 } from "../../src/documents/autodiscover-v2.ts";

const HOST = "autodiscover.example.com";
const found = z.strictObject({ Protocol: z.literal("AutodiscoverV1"), Url: z.url() });
const refused = z.strictObject({
  ErrorCode: z.literal("InvalidProtocol"),
  ErrorMessage: z
    .string()
    .regex(
      /^The given protocol value '[A-Za-z0-9]{0,32}' is invalid\. Supported values are 'AutodiscoverV1'$/,
    ),
});

test.each(["AutodiscoverV1", "Autodiscoverv1", "autodiscoverv1"])(
  "%s is answered with the place of POX: Outlook writes it in several ways",
  (protocol) => {
    const { status, body } = renderAutodiscoverV2(protocol, HOST);
    expect(status).toBe(200);
    expect(found.parse(JSON.parse(body)).Url).toBe(
      "https://autodiscover.example.com/autodiscover/autodiscover.xml",
    );
  },
);

test.each(["ActiveSync", "Ews", "Rest", "", null, undefined])(
  "%j is refused: there is no Exchange here",
  (protocol) => {
    const { status, body } = renderAutodiscoverV2(protocol, HOST);
    expect(status).toBe(400);
    expect(refused.parse(JSON.parse(body)).ErrorMessage).toContain(`'${protocol ?? ""}'`);
  },
);

test("whatever protocol is asked for, the answer follows the schema and repeats letters and digits alone", () => {
  const parts = fc.constantFrom("<script>", '"', "'", "\\", "\n", "A", "1", "-", "ａ", "autodiscoverv1");
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: parts })), (protocol) => {
      const { status, body } = renderAutodiscoverV2(protocol, HOST);
      (status === 200 ? found : refused).parse(JSON.parse(body));
      expect(body).not.toMatch(/[<>\\]/);
    }),
  );
});
