import decodeQr from "qr/decode.js";
import { expect, test } from "vitest";
import { renderQrCode } from "../../../src/documents/settings-page/qr-code.ts";

const PIXELS_PER_MODULE = 4;

/** Draws the SVG as a camera would see it, from its rectangles alone. */
function draw(svg: string): { width: number; height: number; data: Uint8Array } {
  const modules = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const side = modules * PIXELS_PER_MODULE;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let row = 0; row < PIXELS_PER_MODULE; row += 1) {
      const start = (Number(y) * PIXELS_PER_MODULE + row) * side + Number(x) * PIXELS_PER_MODULE;
      for (let pixel = start; pixel < start + Number(length) * PIXELS_PER_MODULE; pixel += 1) {
        data.fill(0, pixel * 4, pixel * 4 + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

test.each([
  "https://autoconfig.example.com/example.com.mobileconfig",
  "https://autoconfig.example.com:8443/mobileconfig?x=1&y=2",
  `https://autoconfig.${"long-label.".repeat(18)}test/profile.mobileconfig`,
])("another reader finds %s in the code", (url) => {
  expect(decodeQr(draw(renderQrCode(url, "code")))).toBe(url);
});

test("the code is an image with a name, dark on light in either scheme", () => {
  const svg = renderQrCode("https://autoconfig.example.com/", "QR code: address of the profile");
  expect(svg).toContain('role="img" aria-label="QR code: address of the profile"');
  expect(svg).toContain('fill="#fff"');
  expect(svg).not.toContain("style");
});
