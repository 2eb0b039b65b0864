/** SHA-256 of `styles`. A Worker hashes only asynchronously, so the value stands here and a test holds it to the text. */
const STYLE_HASH = "jyFz4th+WKFmqX4qCvfDAxx0gQclecafLY6n1qQFz7M=";

/**
 * The Content-Security-Policy (CSP Level 3) of the settings page: its own style sheet and an empty icon, no script, no
 * form, no frame around it, nothing from anywhere else.
 */
export const settingsPageCsp: string = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "img-src data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");
