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
/** Bytes, of one image; and of all together. Programs that show images to a model take no bigger ones. */
export const IMAGE_BYTES_MAX: number = 5 * 1_024 * 1_024;
export const IMAGES_BYTES_MAX: number = 20 * 1_024 * 1_024;
/** ms, of one image; and of all together, because a run waits for them. */
export const IMAGE_MS: number = 15_000;
export const IMAGES_MS: number = 60_000;

export interface ContextComment {
  readonly by: string;
  /** When it was written (ms), and whether it was changed since. */
  readonly at: number;
  readonly isEdited: boolean;
  readonly text: string;
}

export interface ContextImage {
  /** Its address, or the id of its file, as its source calls it. */
  readonly name: string;
  /** Who has put it there, and when (ms): of what stands in the item's own text, who has written that, and when. */
  readonly by: string;
  readonly at: number;
  /** The comment it stands in; `null`: the item's own text, or beside it. */
  readonly comment: string | null;
}

export interface ItemContext {
  /** Where that is; `null` where nothing could be read. */
  readonly at: { readonly source: string; readonly place: string; readonly id: string } | null;
  /** Oldest first. */
  readonly comments: readonly ContextComment[];
  /** How many comments of people are left out whom the project does not trust. */
  readonly strangers: number;
  /** Others are left out for want of room, the oldest first. */
  readonly more: boolean;
  /** What its text refers to. */
  readonly linked: readonly { readonly name: string; readonly title: string }[];
  readonly images: readonly ContextImage[];
  /** How many more there are, for which there is no room. */
  readonly moreImages: number;
  /** What it waits for there that is no task here. */
  readonly blockers: readonly string[];
  /** Why nothing of it could be read. */
  readonly missing: string | null;
}

export const NO_CONTEXT: ItemContext = {
  at: null,
  comments: [],
  strangers: 0,
  more: false,
  linked: [],
  images: [],
  moreImages: 0,
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
