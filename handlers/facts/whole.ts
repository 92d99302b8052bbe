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

import type { Answer } from "../../forges/api/answer.ts";
import { lookup } from "../../forges/api/lookup.ts";
import type { CommentView, Person } from "../../forges/ask.ts";
import type { Item } from "../../forges/tell.ts";
import {
  CONTEXT_CHARS_MAX,
  CONTEXT_COMMENT_CHARS_MAX,
  CONTEXT_COMMENTS_MAX,
  CONTEXT_IMAGES_MAX,
  CONTEXT_LINKED_MAX,
  type ContextComment,
  type ItemContext,
  NO_CONTEXT,
} from "../../workflow/outside/context.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { IssueAsk, IssueKit, Trust } from "../kit.ts";
import { bodyText, nameText, titleText, webAddress } from "../outside-text.ts";
import { OWN_MARKER } from "../own.ts";
import type { EventActor } from "../wish.ts";

/** ms; a start waits for no longer. */
export const WHOLE_PATIENCE_MS = 600_000;
/** Whose rights are looked up at one item; what others have said is left out and counted. */
const PEOPLE_MAX = 20;

export interface Whole {
  readonly kind: "whole";
  readonly context: ItemContext;
  /** Items that it waits for, by all names that a task may have for them. */
  readonly blockers: readonly { readonly refs: readonly ExternalRef[]; readonly name: string }[];
}

export type Looked = Whole | Later;
type Later = { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

export interface Looking<Client> {
  readonly at: Item;
  /** The comment that asks, which is told by itself. */
  readonly comment: string | null;
  /** As of when (ms), by our clock: the host's is taken to be right within seconds. */
  readonly until: number;
  readonly body: string;
  readonly kit: IssueKit<Client>;
  readonly trust: (actor: EventActor) => Promise<Trust>;
}

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
  const heard = await trusted(then, looking);
  if (heard.kind === "retry") return heard;
  const said = heard.comments.map((one) => tellComment(one, kit));
  const kept = newest(said);
  const linked = await titles(ask, kit, [body, ...said.map(({ text }) => text)], at);
  if (linked.kind === "retry") return linked;
  const images = [body, ...heard.comments.map((one) => one.body)].flatMap((text) =>
    kit.images(text).flatMap((address) => webAddress(address) ?? []),
  );
  const context: ItemContext = {
    ...NO_CONTEXT,
    comments: kept,
    strangers: heard.strangers,
    more: listed.value.more || kept.length < said.length,
    linked: linked.titles,
    images: [...new Set(images)].slice(0, CONTEXT_IMAGES_MAX),
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

type Settled<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly reason: string }
  | Later;

function settled<T>(answer: Answer<T>, what: string): Settled<T> {
  const found = lookup(answer);
  if (found.kind === "ok") return found;
  const reason = `${what} could not be asked for: ${found.reason}`;
  return found.kind === "retry"
    ? { kind: "retry", reason, afterMs: found.afterMs }
    : { kind: "refused", reason };
}

type Heard =
  | { readonly kind: "heard"; readonly comments: readonly CommentView[]; readonly strangers: number }
  | Later;

/** H1. The newest people are looked up first. */
async function trusted<Client>(comments: readonly CommentView[], { trust }: Looking<Client>): Promise<Heard> {
  const known = new Map<string, boolean>();
  for (const { author } of comments.toReversed()) {
    if (author === null || known.has(author.name)) continue;
    if (known.size >= PEOPLE_MAX) break;
    const verdict = await trust(actorOf(author));
    if (verdict.kind === "retry") return verdict;
    known.set(author.name, verdict.kind === "trusted");
  }
  const heard = comments.filter(({ author }) => author !== null && known.get(author.name) === true);
  return { kind: "heard", comments: heard, strangers: comments.length - heard.length };
}

/** Somebody as the author of a comment: whom a standing or a name makes a bot, is one. */
function actorOf({ name, isBot, standing }: Person): EventActor {
  return { name, isBot: isBot || name.toLowerCase().endsWith("[bot]"), standing, implies: null };
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
