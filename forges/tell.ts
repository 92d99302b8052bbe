/**
 * What can be told at a forge or tracker, named for what it means: a verb is the same for GitHub, Plane and all that
 * follow. A kind of host implements {@link Tracker}, and {@link Forge} where it keeps code, too.
 *
 * T1. Each verb has its effect once, however often it is called: what is a wished-for state is compared and then set;
 *     what would be new every time (a comment, a pull request) is looked for first, by the id that an earlier call gave
 *     or by its mark, among our own alone (anybody can copy a mark).
 * T2. A verb makes its calls once, in a bounded time, and repeats nothing: that is for whoever calls (`notifier/`).
 * T3. Texts are Markdown of ours; what stands in them from outside was made harmless by whoever wrote them.
 */

import type { Answer } from "./api/answer.ts";

/** An issue, a pull request or a work item. */
export interface Item {
  /** `acme/shop`, or the id of Plane's project. */
  readonly place: string;
  /** Its number, or Plane's id of it. */
  readonly id: string;
}

/** What stays of something that was told: by this it is changed later. */
export interface Remote {
  readonly id: string;
  /** For people; `null` where the host has none. */
  readonly url: string | null;
}

export interface Comment {
  /** Hidden in it, or its external id: the same for every call about this comment, and nobody else's. */
  readonly mark: string;
  readonly text: string;
  /** As an earlier call gave it. */
  readonly known: string | null;
}

export interface Tracker {
  /** Name of the source, such as `github`. */
  readonly source: string;
  /** Whose trouble is its trouble, such as `api.github.com`. */
  readonly host: string;
  /** There is this comment, with this text: edited where it was, written anew where it is gone. */
  comment(at: Item, comment: Comment): Promise<Answer<Remote>>;
  /** Seen: at the item, or at one of its comments. Nothing where the host knows no such sign. */
  acknowledge(at: Item, comment: string | null): Promise<Answer<null>>;
  /** It has the one labels, and not the others; what else it has stays. */
  labels(
    at: Item,
    wanted: { readonly has: readonly string[]; readonly lacks: readonly string[] },
  ): Promise<Answer<null>>;
  /**
   * It stands in this state: the name or id of one, or the kind of one (`started`, `completed`, `cancelled` …) of which
   * the first is taken. Where items are open or closed alone, only what ends them changes anything.
   */
  state(at: Item, state: string): Promise<Answer<null>>;
  /** A link at the item to where something about it stands; once per address. Nothing where comments say it. */
  link(at: Item, link: { readonly url: string; readonly title: string }): Promise<Answer<null>>;
}

export type StatusState = "pending" | "success" | "failure" | "error";

export interface PullWish {
  readonly repo: string;
  /** Branch of the same repository. */
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
  /** As an earlier call gave it; a closed one is never opened again. */
  readonly known: number | null;
}

/** A pull request as it stands. */
export interface Pull {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed" | "merged";
  readonly isDraft: boolean;
  readonly head: {
    readonly branch: string;
    readonly commit: string /** Whose repository it lies in; `null`: gone. */;
    readonly repo: string | null;
  };
  readonly base: string;
  /** Somebody else has opened it; told where it was looked for, to be opened. */
  readonly isForeign?: true;
  /** Whether it fits its base; `null` while the host finds out. */
  readonly isMergeable: boolean | null;
}

export type MergeMethod = "merge" | "squash" | "rebase";

export type ReviewVerdict = "approved" | "changes_requested";

export type MergeTried =
  | { readonly kind: "merged"; readonly commit: string | null }
  /** It does not fit its base any more. */
  | { readonly kind: "conflict" }
  /** People or checks are still awaited, or the host is not ready; the reason is for people. */
  | { readonly kind: "waits"; readonly for: "people" | "checks" | "host"; readonly reason: string }
  /** Somebody has pushed to it meanwhile. */
  | { readonly kind: "moved"; readonly commit: string };

export interface Forge extends Tracker {
  /** A mark at a commit, which lists it with its other checks. At most 140 characters of text. */
  status(
    repo: string,
    commit: string,
    status: {
      readonly name: string;
      readonly state: StatusState;
      readonly text: string;
      readonly url: string | null;
    },
  ): Promise<Answer<null>>;
  /**
   * There is this pull request: opened, or brought to this title, body and draft state. Where the host knows no drafts,
   * it is open. One of the same branches that somebody else has opened is answered as it stands.
   */
  pull(wish: PullWish): Promise<Answer<Pull>>;
  /** Merges it while its head is this commit, and into this base alone; a merge that has happened is told as one. */
  merge(
    repo: string,
    number: number,
    how: {
      readonly commit: string;
      /** The branch that it is to go into: whoever may, turns it to another one. */
      readonly base: string;
      readonly method: MergeMethod;
      readonly title: string | null;
      readonly deleteBranch: boolean;
    },
  ): Promise<Answer<MergeTried>>;
  /**
   * A review of this commit, once by its mark: a verdict, where the host takes one of whoever calls (nobody may judge
   * their own), else the words alone.
   */
  review(
    repo: string,
    number: number,
    review: {
      readonly commit: string;
      readonly said: ReviewVerdict;
      readonly mark: string;
      /** Not empty. */
      readonly text: string;
    },
  ): Promise<Answer<Remote>>;
  /** Says this in the thread, once by its mark. `comment`: the first of the thread. */
  reply(
    repo: string,
    number: number,
    thread: { readonly comment: string; readonly mark: string; readonly text: string },
  ): Promise<Answer<Remote>>;
  /** Closes a thread of a review. */
  resolve(repo: string, number: number, thread: string): Promise<Answer<null>>;
}
