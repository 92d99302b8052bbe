/** What is looked for at an item, on whose behalf, and whom of the people there the project trusts. */

import type { Answer } from "../../forges/api/answer.ts";
import { lookup } from "../../forges/api/lookup.ts";
import type { Person } from "../../forges/ask.ts";
import type { Item } from "../../forges/tell.ts";
import type { IssueKit, Trust } from "../kit.ts";
import type { EventActor } from "../wish.ts";

/** Whose rights are looked up at one item; what others have said is left out and counted. */
const PEOPLE_MAX = 20;

export type Later = { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

export interface Looking<Client> {
  readonly source: string;
  readonly at: Item;
  /** The comment that asks, which is told by itself. */
  readonly comment: string | null;
  /** As of when (ms), by our clock: the host's is taken to be right within seconds. */
  readonly until: number;
  readonly body: string;
  readonly kit: IssueKit<Client>;
  readonly trust: (actor: EventActor) => Promise<Trust>;
}

type Settled<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly reason: string }
  | Later;

export function settled<T>(answer: Answer<T>, what: string): Settled<T> {
  const found = lookup(answer);
  if (found.kind === "ok") return found;
  const reason = `${what} could not be asked for: ${found.reason}`;
  return found.kind === "retry"
    ? { kind: "retry", reason, afterMs: found.afterMs }
    : { kind: "refused", reason };
}

type Known = { readonly kind: "known"; readonly names: ReadonlySet<string> } | Later;

/** Whom of them the project trusts. The newest people are looked up first. */
export async function trustedOf<Client>(
  people: readonly (Person | null)[],
  { trust }: Pick<Looking<Client>, "trust">,
): Promise<Known> {
  const known = new Map<string, boolean>();
  for (const author of people.toReversed()) {
    if (author === null || known.has(author.name)) continue;
    if (known.size >= PEOPLE_MAX) break;
    const verdict = await trust(actorOf(author));
    if (verdict.kind === "retry") return verdict;
    known.set(author.name, verdict.kind === "trusted");
  }
  return { kind: "known", names: new Set([...known].flatMap(([name, is]) => (is ? [name] : []))) };
}

/** Somebody as the author of a comment: whom a standing or a name makes a bot, is one. */
function actorOf({ name, isBot, standing }: Person): EventActor {
  return { name, isBot: isBot || name.toLowerCase().endsWith("[bot]"), standing, implies: null };
}
