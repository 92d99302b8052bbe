/** What comments refer to: files by their path, and numbered sentences of a file's page by their tag. */

/** A file, by a path or by its bare name; an import as it is written (`./x.ts`) is none. */
const FILE = /(?<![\w*.{}/-])[\w@-][\w.@-]*(?:\/[\w.@-]+)*\.ts\b(?!\w)/g;

/** A tag such as `K3`, and the file that is named right behind it, as in "K3 of `mentions.ts`". */
const TAG = /(?<![\w'"`.–-])([A-Z]\d{1,2})(?:–[A-Z]\d{1,2})?(?: of[\s*]+`([^`]+)`)?(?![\w.]*\w)/g;

/** The invariants of DESIGN, which every file may name. */
const INVARIANT = /^I\d+$/;

export interface Tag {
  readonly tag: string;
  /** The file that is said to define it; `null` for the file that says it. */
  readonly of: string | null;
}

export function filesIn(comment: string): readonly string[] {
  return [...comment.matchAll(FILE)].map(([file]) => file);
}

export function tagsIn(comment: string): readonly Tag[] {
  return [...comment.matchAll(TAG)]
    .map(([, tag = "", of]) => ({ tag, of: of ?? null }))
    .filter(({ tag }) => !INVARIANT.test(tag));
}

/** Whether one of these comments is a page on which the tag begins a sentence. */
export function defines(comments: readonly string[], tag: string): boolean {
  const sentence = new RegExp(`^[\\s*]*${tag}\\.\\s`, "m");
  return comments.some((comment) => sentence.test(comment));
}
