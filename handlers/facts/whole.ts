/**
 * The whole item: what people have said there, what it refers to, its images, and what it waits for, as of when the
 * task was asked for. Of whoever asks and may: nobody else causes a look-up here.
 *
 * H1. A comment is told if the project trusts whoever wrote it, by the same rules as whoever asks for something. Others
 *     are left out and counted. Ours are neither.
 * H2. Nothing here keeps a task from beginning for ever: what cannot be read for {@link WHOLE_PATIENCE_MS} is left out,
 *     and the agent is told so.
 * H3. References count within the same place alone. A stranger's text may name what only we can see, and titles of it
 *     would go on into a pull request that everybody can.
 */

import type { CommentView } from "../../forges/ask.ts";
import type { Item } from "../../forges/tell.ts";
import {
  CONTEXT_CHARS_MAX,
  CONTEXT_COMMENT_CHARS_MAX,
  CONTEXT_COMMENTS_MAX,
  CONTEXT_LINKED_MAX,
  type ContextComment,
  type ItemContext,
  NO_CONTEXT,
} from "../../workflow/outside/context.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { IssueAsk, IssueKit } from "../kit.ts";
import { bodyText, nameText, titleText } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import { imagesAt } from "./images.ts";
import { type Later, type Looking, settled, trustedOf } from "./looking.ts";

/** ms; a start waits for no longer. */
export const WHOLE_PATIENCE_MS = 600_000;

export interface Whole {
  readonly kind: "whole";
  readonly context: ItemContext;
  /** Items that it waits for, by all names that a task may have for them. */
  readonly blockers: readonly { readonly refs: readonly ExternalRef[]; readonly name: string }[];
}

export type Looked = Whole | Later;

export async function lookAtWhole<Client>(ask: IssueAsk, looking: Looking<Client>): Promise<Looked> {
  const { at, comment, until, body, kit } = looking;
  const listed = settled(await ask.comments(at), "the comments");
  if (listed.kind === "retry") return listed;
  if (listed.kind === "refused") return without(listed.reason);
  const waits = settled(await ask.blockers(at), "what it waits for");
  if (waits.kind === "retry") return waits;
  const then = listed.value.items
    .filter(({ id, createdAt, body: text }) => {
      return id !== comment && createdAt <= until && !text.includes(OWN_MARKER);
    })
    .toSorted((a, b) => a.createdAt - b.createdAt);
  const known = await trustedOf(
    then.map(({ author }) => author),
    looking,
  );
  if (known.kind === "retry") return known;
  const heard = then.filter(({ author }) => author !== null && known.names.has(author.name));
  const said = heard.map((one) => tellComment(one, kit));
  const kept = newest(said);
  const linked = await titles(ask, kit, [body, ...said.map(({ text }) => text)], at);
  if (linked.kind === "retry") return linked;
  const images = await imagesAt(ask, heard, looking);
  if (images.kind === "retry") return images;
  const context: ItemContext = {
    ...NO_CONTEXT,
    at: { source: looking.source, ...at },
    comments: kept,
    strangers: then.length - heard.length,
    more: listed.value.more || kept.length < said.length,
    linked: linked.titles,
    images: images.images,
    moreImages: images.more,
  };
  const blockers = waits.kind === "ok" ? waits.value : [];
  return {
    kind: "whole",
    context,
    blockers: blockers.map((item) => ({ refs: kit.refs(item), name: kit.named(item) })),
  };
}

/** Nothing but why. */
export function without(reason: string): Whole {
  return { kind: "whole", context: { ...NO_CONTEXT, missing: reason }, blockers: [] };
}

function tellComment<Client>(
  { author, body, createdAt, updatedAt }: CommentView,
  kit: IssueKit<Client>,
): ContextComment {
  const text = bodyText(kit.text(body)).slice(0, CONTEXT_COMMENT_CHARS_MAX).toWellFormed();
  return { by: nameText(author?.name ?? ""), at: createdAt, isEdited: updatedAt > createdAt, text };
}

/** As many as there is room for. */
function newest(comments: readonly ContextComment[]): readonly ContextComment[] {
  let left = CONTEXT_CHARS_MAX;
  const kept: ContextComment[] = [];
  for (const comment of comments.toReversed()) {
    left -= comment.text.length;
    if (left < 0 || kept.length >= CONTEXT_COMMENTS_MAX) break;
    kept.push(comment);
  }
  return kept.toReversed();
}

/** H3. One that is not there, or may not be seen, has no title. */
async function titles<Client>(
  ask: IssueAsk,
  kit: IssueKit<Client>,
  texts: readonly string[],
  at: Item,
): Promise<{ readonly kind: "told"; readonly titles: ItemContext["linked"] } | Later> {
  const meant = new Map(texts.flatMap((text) => kit.links(text, at)).map((item) => [kit.named(item), item]));
  meant.delete(kit.named(at));
  const found: { readonly name: string; readonly title: string }[] = [];
  for (const [name, item] of [...meant].slice(0, CONTEXT_LINKED_MAX)) {
    const answer = settled(await ask.item(item), name);
    if (answer.kind === "retry") return answer;
    if (answer.kind === "ok" && answer.value !== null)
      found.push({ name, title: titleText(answer.value.title) });
  }
  return { kind: "told", titles: found };
}
