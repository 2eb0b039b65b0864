import { escapeXml } from "../xml.ts";

/** What a text of a language may name in braces. */
export interface PageValues {
  readonly domain: string;
  /** The protocol that steps tell people to choose: IMAP where it is offered. */
  readonly protocol: "IMAP" | "POP3";
  /** Who signs people in by browser; empty where nobody does. */
  readonly issuer: string;
}

/**
 * Renders a text of a language as HTML: `*words*` in bold, `{name}` replaced. Values come in last and escaped, so
 * nothing in them is read as a mark; `<bdi>` keeps a host name in order among words that run from right to left.
 */
export function renderText(template: string, values: PageValues): string {
  return escapeXml(template)
    .replaceAll(/\*([^*]+)\*/g, "<b>$1</b>")
    .replaceAll(/\{(domain|protocol|issuer)\}/g, (_, name: keyof PageValues) => {
      return `<bdi>${escapeXml(values[name])}</bdi>`;
    });
}

/** Renders a text where no markup may stand: a title, an attribute. */
export function renderPlainText(template: string, values: PageValues): string {
  return renderText(template, values).replaceAll(/<\/?(?:b|bdi)>/g, "");
}
