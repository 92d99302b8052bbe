/**
 * Plane's HTML as text for people and agents; nothing of it is ever shown as HTML (I13).
 *
 * The converter costs 16 MB and 80 ms to load, so a daemon that never meets Plane does not load it.
 */

import { createRequire } from "node:module";
import type { convert } from "html-to-text";

const HTML_CHARS_MAX = 1_048_576;

const OPTIONS: Parameters<typeof convert>[1] = {
  wordwrap: false,
  limits: { maxDepth: 64, maxChildNodes: 10_000, ellipsis: "…" },
  // A command that somebody shows as code is none, so code stays to be seen as such.
  formatters: {
    fenced: (element, walk, builder) => {
      builder.openBlock({ isPre: true, leadingLineBreaks: 2 });
      builder.addLiteral("```\n");
      walk(element.children, builder);
      builder.addLiteral("\n```");
      builder.closeBlock({ trailingLineBreaks: 2 });
    },
  },
  selectors: [
    { selector: "pre", format: "fenced" },
    { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

const require = createRequire(import.meta.url);

/** Plain text with line breaks between blocks, code in fences; comments and unknown elements vanish. Never throws. */
export function htmlText(html: string): string {
  const library = require("html-to-text") as { readonly convert: typeof convert };
  return library.convert(html.slice(0, HTML_CHARS_MAX), OPTIONS);
}
