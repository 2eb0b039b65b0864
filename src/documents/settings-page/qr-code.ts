import { correction, generate } from "lean-qr/nano";

/** Light border that a reader needs, in modules (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4;

/**
 * Renders text as a QR code: the inner markup of an inline SVG, one path. Colours are attributes, never `style`, which
 * the page's Content-Security-Policy refuses, and stay dark on light in a dark page: many readers know no other.
 */
export function renderQrCode(text: string, label: string): string {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const side = code.size + 2 * QUIET_ZONE;
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      const start = x;
      while (code.get(x + 1, y)) x += 1;
      path += `M${start + QUIET_ZONE} ${y + QUIET_ZONE}h${x - start + 1}v1H${start + QUIET_ZONE}z`;
    }
  }
  return (
    `<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}" shape-rendering="crispEdges">` +
    `<rect width="${side}" height="${side}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
  );
}
