/**
 * Passwords within other values: in addresses (`postgres://user:password@host`), in their parameters
 * (`?password=…`), and in the keyword form of database libraries (`host=db password=…`).
 */

/** Every password in this text, as it stands there and as whoever is given the address decodes it. */
export function passwordsIn(text: string): readonly string[] {
  // Most of a configuration is neither an address nor a parameter.
  if (!text.includes("://") && !text.includes("=")) return [];
  const found = new Set<string>();
  const add = (password: string): void => {
    if (password === "") return;
    found.add(password);
    found.add(decoded(password));
  };
  for (const [, scheme = "", inner = ""] of text.matchAll(USER_INFO)) {
    const colon = inner.indexOf(":");
    // On the web a name without a password is a token; elsewhere it is a name.
    if (colon !== -1) add(inner.slice(colon + 1));
    else if (/^https?$/i.test(scheme) && inner !== "git") add(inner);
  }
  for (const [, name = "", quoted, plain] of text.matchAll(PARAMETER))
    if (NAMES.test(name)) add(quoted ?? plain ?? "");
  return [...found];
}

/** What stands before the last `@` of an address's host; a password may hold one that nobody has encoded. */
const USER_INFO = /([A-Za-z][\w+.-]*):\/\/([^\s/?#"'<>]*)@/g;
/** A key with its value, as in a query, among words, or as an option. */
const PARAMETER = /(?:^|[\s?&;])-{0,2}([A-Za-z][\w.-]*)=(?:'([^']*)'|([^\s&;'"]*))/g;

/** Names of what is always a secret; that of a longest answer (`max_tokens`) is not. */
const NAMES = /(^|[_.-])(password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)$/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // It is not encoded, and a percent sign is one.
    return text;
  }
}
