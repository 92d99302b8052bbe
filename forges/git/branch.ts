/** Names that git is given: task keys and branches. Whatever a title holds, the name is valid and harmless (I13). */

import transliterate from "@sindresorhus/transliterate";

const KEY = /^[A-Z][A-Z0-9]*-[1-9][0-9]*$/;
const SLUG_CHARS_MAX = 40;

/** Keys become folder names, so anything but letters, digits and one hyphen is a broken assumption. */
export function assertKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`not a task key: ${JSON.stringify(key)}`);
  return key;
}

/**
 * `chargehand/<KEY>-<slug>`, or `chargehand/<KEY>` when nothing of the title can be spelled in ASCII. Letters that have
 * a spelling there are spelled so: `Größe` is `groesse`.
 */
export function branchName(key: string, title: string): string {
  const slug = transliterate(title)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, SLUG_CHARS_MAX)
    .replace(/-+$/, "");
  return slug === "" ? `chargehand/${assertKey(key)}` : `chargehand/${assertKey(key)}-${slug}`;
}
