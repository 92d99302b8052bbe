/**
 * Titles as subjects of commits (I13). Forges, trackers and build machines obey words in a subject: they close issues,
 * call people, skip checks. Whoever may write a title may not do these things by our hand.
 *
 * S1. One line of bounded length behind the task's key, so that no title begins it: no `fixup!`, no dash, no trailer.
 * S2. No reference can be read as one: `#12`, `!12`, `GH-12`, `acme/shop#12`, addresses, and keys of trackers beside a
 *     word that closes. The words themselves stay, since they say what was done.
 * S3. Nobody is mentioned, nothing stands in square brackets or stars (`[skip ci]`, `***NO_CI***`), and no word with a
 *     colon is a trailer (`skip-checks:`, `Co-authored-by:`).
 * S4. Stable, so that none of these comes to be by taking another away.
 */

import { SUBJECT_CHARS_MAX } from "../limits.ts";
import { settled, visibleLine } from "./visible.ts";

/** A task's title for the subject of a commit, where it stands behind `<KEY>: `. At most {@link SUBJECT_CHARS_MAX}. */
export function subjectText(title: string): string {
  const said = settled(title, (now) => visibleLine(harmless(now)));
  const characters = [...said];
  if (characters.length <= SUBJECT_CHARS_MAX) return said === "" ? "(no title)" : said;
  return `${characters
    .slice(0, SUBJECT_CHARS_MAX - 1)
    .join("")
    .trimEnd()}…`;
}

/** Words by which a forge or a tracker changes an issue that stands beside them. */
const CHANGING =
  /\b(clos(e[sd]?|ing)|fix(e[sd]|ing)?|resolv(e[sd]?|ing)|implement(s|ed|ing)?|complet(e[sd]?|ing)|reopen(s|ed|ing)?)\b/i;
const TRACKER_KEY = /\b([a-z][a-z0-9_]*)-(?=\d)/gi;
const TRAILER = /((?:[a-z]+-)+by|skip-checks?|change-id)\s*[:：]/gi;

function harmless(text: string): string {
  const plain = text
    .replace(/\u200c|\u200d|\ufe0f/g, "")
    .replace(/[[［【]/g, "(")
    .replace(/[\]］】]/g, ")")
    .replace(/[*＊]{2,}/g, " ")
    .replace(/:\/\/+/g, " ")
    .replace(/([#＃!！&])(?=\d)/g, "$1 ")
    .replace(/\bGH-(?=\d)/gi, "GH ")
    .replace(/(?<![\p{L}\p{N}])[@＠]+(?=[\p{L}\p{N}_-])/gu, "")
    .replace(TRAILER, "$1");
  return CHANGING.test(plain) ? plain.replace(TRACKER_KEY, "$1 ") : plain;
}

/** Whether git takes this as the name of a branch, and none of our commands as an option (`git check-ref-format`). */
export function isBranchName(name: string): boolean {
  const parts = name.split("/");
  return (
    name.length <= BRANCH_CHARS_MAX &&
    !name.startsWith("-") &&
    name !== "@" &&
    !/[\u0000- ~^:?*[\\\u007f]|\.\.|@\{/.test(name) &&
    !/[^\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(name) &&
    parts.every((part) => part !== "" && !part.startsWith(".") && !/(\.|\.lock)$/i.test(part))
  );
}

/** Less than a file's name may have: each part of it is one in git's folders, with `.lock` behind it. */
const BRANCH_CHARS_MAX = 200;
