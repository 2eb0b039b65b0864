import { printableText } from "./printable-text.ts";

/**
 * Returns text for a cell of a Markdown table, as it stands: what other people's servers say must not become a link, a
 * mention, an image or HTML in a comment that the pipeline signs (GitHub Flavored Markdown §2.4, §4.10).
 */
export function markdownText(text: string): string {
  return (
    printableText(text)
      .replace(/[\\`*_{}[\]()#+!|~$]/g, String.raw`\$&`)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // A backslash does not end a mention or the number of an issue, nor an address or URL that is made a link by itself.
      .replaceAll("@", "@<!-- -->")
      .replaceAll(/(?:#|GH-)(?=\d)/gi, "$&<!-- -->")
      .replaceAll("://", ":<!-- -->//")
      .replaceAll(/\bwww\./gi, "$&<!-- -->")
  );
}
