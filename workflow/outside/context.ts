/**
 * What stands at the item that a task stands for, besides its own text: what people have said there before the task was
 * asked for, what it refers to, and its images. All of it is text from outside (I13).
 *
 * X1. It is read once, when the task begins, and stays as it was then: what is said later comes by itself.
 * X2. Only what people have said whom the project trusts is in it; how much others have said is counted.
 */

/** Of one item; the newest ones stay. */
export const CONTEXT_COMMENTS_MAX = 50;
/** Characters, of one comment; and of all together, which is half of what an agent is told. */
export const CONTEXT_COMMENT_CHARS_MAX = 16_384;
export const CONTEXT_CHARS_MAX = 49_152;
export const CONTEXT_LINKED_MAX = 10;
export const CONTEXT_IMAGES_MAX = 10;

export interface ContextComment {
  readonly by: string;
  /** When it was written (ms), and whether it was changed since. */
  readonly at: number;
  readonly isEdited: boolean;
  readonly text: string;
}

export interface ItemContext {
  /** Oldest first. */
  readonly comments: readonly ContextComment[];
  /** How many comments of people are left out whom the project does not trust. */
  readonly strangers: number;
  /** Others are left out for want of room, the oldest first. */
  readonly more: boolean;
  /** What its text refers to. */
  readonly linked: readonly { readonly name: string; readonly title: string }[];
  /** Addresses. */
  readonly images: readonly string[];
  /** What it waits for there that is no task here. */
  readonly blockers: readonly string[];
  /** Why nothing of it could be read. */
  readonly missing: string | null;
}

export const NO_CONTEXT: ItemContext = {
  comments: [],
  strangers: 0,
  more: false,
  linked: [],
  images: [],
  blockers: [],
  missing: null,
};

/** Of the history: how much was read, and not what. */
export function tellContext(context: ItemContext): Readonly<Record<string, unknown>> {
  const { comments, strangers, linked, images, blockers, missing } = context;
  const counts = { comments: comments.length, strangers, linked: linked.length, images: images.length };
  return {
    ...counts,
    ...(blockers.length > 0 && { blockers: blockers.join(", ") }),
    ...(missing !== null && { reason: missing }),
  };
}
