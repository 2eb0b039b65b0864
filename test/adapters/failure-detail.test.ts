import { expect, test } from "vitest";
import { failureDetail } from "../../src/adapters/failure-detail.ts";

test.each([
  {
    message:
      "write EPROTO 40AD0AF2DF7F0000:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:" +
      "../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 70\n",
    detail: "tlsv1 alert protocol version",
  },
  { message: "connect ECONNREFUSED 127.0.0.1:1", detail: "connect ECONNREFUSED 127.0.0.1:1" },
])("of OpenSSL's words the reason is left, which is the same each time: $detail", ({ message, detail }) => {
  expect(failureDetail(new Error(message))).toBe(detail);
});

test("of several addresses the first one's words stand for all", () => {
  expect(failureDetail(new AggregateError([new Error("connect ECONNREFUSED ::1:1"), new Error("x")]))).toBe(
    "connect ECONNREFUSED ::1:1",
  );
});
