/**
 * Images that people have put into the texts of an item, or beside them, at a forge or tracker: which there are, and
 * where each can be fetched. Fetching is another's (`fetch.ts`).
 *
 * I1. Only what lies with the host itself is one; the address of anybody else's image is text.
 * I2. An address to fetch from needs no token: the host has signed it, or it is open to all. So no token ever goes to
 *     where files lie.
 */

import type { Answer } from "../api/answer.ts";
import type { Item } from "../tell.ts";

/** One image, by what the host calls it: its address, or the id of its file. */
export interface ImageRef {
  readonly name: string;
  /** The comment it stands in; `null`: the item's own text, or beside it. */
  readonly comment: string | null;
}

/** One that lies beside the text. */
export interface Attachment {
  readonly name: string;
  /** As the host names people; `null` where it does not say. */
  readonly by: string | null;
  readonly at: number;
}

export interface ImageLink {
  readonly url: string;
  /** The host, with its port, that the operator has configured: it alone may be on a private network. */
  readonly home: string | null;
}

export interface ImagesAsk {
  /** Names of those in a text, in order. Pure. */
  within(body: string): readonly string[];
  /** Files beside the text that may be images. */
  beside(at: Item): Promise<Answer<readonly Attachment[]>>;
  /** Where it lies now: such an address is good for some minutes. */
  find(at: Item, image: ImageRef): Promise<Answer<ImageLink>>;
}
