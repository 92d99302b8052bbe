/**
 * What can be asked of a forge or tracker, for whoever has missed what was told (`reconciler/`), wants to know why
 * something failed, or looks whether all is set up (`doctor`). Named for what it means, as `tell.ts` is.
 *
 * Q1. Lists are read to their end, within bounds that each names; what is cut is said (`more`).
 * Q2. What has not changed since costs nothing of the host's limit where it knows how (ETag), and is `unchanged`.
 * Q3. All texts are from outside, and as they came.
 */

import type { ReportedCheck } from "../workflow/phases/ci.ts";
import type { Answer } from "./api/answer.ts";
import type { ImagesAsk } from "./images/images.ts";
import type { Item, MergeMethod, Pull } from "./tell.ts";

export interface Person {
  /** Login, or user id where people have no login (Plane). */
  readonly name: string;
  readonly id: string | null;
  readonly isBot: boolean;
  /** What the source calls this person's relation to the project, where it says so. */
  readonly standing: string | null;
}

export interface ItemView {
  readonly item: Item;
  /** For people: 12, or `SHOP-12` of Plane; `null` where it has none. */
  readonly number: number | null;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: Person | null;
  readonly labels: readonly { readonly id: string | null; readonly name: string }[];
  readonly assignees: readonly string[];
  /** Of a tracker with states; `null` where items are open or closed. */
  readonly state: { readonly id: string; readonly name: string; readonly group: string } | null;
  readonly isOpen: boolean;
  readonly isPull: boolean;
  /** What the host itself calls it, wherever it is moved; `null` where `item` has that already. */
  readonly uid: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Something that was done to an item, as its history at the host has it. */
export interface ItemChange {
  readonly id: string;
  /** `moved`: to another state of a tracker that has states. */
  readonly what: "created" | "labeled" | "assigned" | "moved" | "closed" | "reopened";
  /** The label, the person or the state that it got; `null` of what is only open or closed. */
  readonly to: { readonly id: string | null; readonly name: string } | null;
  /** `null`: the host does not say it any more. */
  readonly by: Person | null;
  readonly at: number;
}

export interface CommentView {
  readonly id: string;
  readonly item: Item;
  readonly author: Person | null;
  readonly body: string;
  readonly url: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ReviewView {
  readonly id: string;
  readonly author: Person | null;
  readonly state: "approved" | "changes_requested" | "commented" | "dismissed";
  readonly body: string;
  /** Which was looked at. */
  readonly commit: string | null;
  readonly submittedAt: number;
}

/** A pull request, with what an event would tell of it besides. */
export interface PullView extends Pull {
  readonly author: Person | null;
  /** The commit of the base by which it was merged, where the host says it. */
  readonly mergedAs: string | null;
  readonly mergedBy: Person | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A mark at a commit as the host keeps it: a run of a check, or a status. Words are the host's. */
export interface MarkView {
  readonly kind: "run" | "status";
  readonly id: number;
  readonly name: string;
  /** Of a run: `completed`, or not yet. Of a status: how it stands. */
  readonly status: string;
  readonly conclusion: string | null;
  /** As it was written by the host; `null` of what is not over. */
  readonly completedAt: string | null;
  readonly url: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  /** In the house's words. */
  readonly check: ReportedCheck;
}

/** One remark to a line; those of a thread have the same `thread`. */
export interface RemarkView {
  readonly id: string;
  /** The first remark of its thread: itself, where it is the first. */
  readonly thread: string;
  readonly review: string | null;
  readonly author: Person | null;
  readonly path: string;
  readonly line: number | null;
  readonly body: string;
  readonly createdAt: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Not all of them: there were more than the bound. */
  readonly more: boolean;
}

/** `etag` is what an earlier answer gave, by which nothing is read that has not changed. */
export type Fresh<T> =
  | { readonly kind: "fresh"; readonly value: T; readonly etag: string | null }
  | { readonly kind: "unchanged" };

/** What a branch demands of what is merged into it, as far as the token may see. */
export interface BranchRules {
  readonly exists: boolean;
  readonly isProtected: boolean;
  readonly checks: readonly string[];
  readonly approvals: number;
  readonly resolvedThreads: boolean;
  readonly isQueued: boolean;
  /** Methods that the repository allows; empty where it is not told. */
  readonly methods: readonly MergeMethod[];
}

/** A delivery as the host remembers it. */
export interface SentHook {
  readonly id: string;
  /** The delivery id that was sent with it. */
  readonly guid: string;
  readonly at: number;
  readonly event: string;
  readonly isGood: boolean;
  /** Somebody has asked for it again. */
  readonly isAgain: boolean;
  readonly status: string;
}

export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly isActive: boolean;
}

/** Who the token acts as, and what it may. */
export interface OwnAccount {
  readonly login: string | null;
  readonly id: string;
  /** Scopes of the token as the host names them; `null` where it does not say. */
  readonly scopes: readonly string[] | null;
  /** When the token ends (ms); `null` where it does not say. */
  readonly expiresAt: number | null;
  /** The other side's clock, by its answer (ms). */
  readonly clock: number | null;
}

export interface WhyFailed {
  readonly text: string;
  /** Something is missing that might be had another time. */
  readonly isPartial: boolean;
}

export interface TrackerAsk {
  readonly source: string;
  readonly host: string;
  whoami(): Promise<Answer<OwnAccount>>;
  /** Items of the place that have changed since (ms), oldest change first. */
  itemsSince(place: string, since: number, etag: string | null): Promise<Answer<Fresh<Page<ItemView>>>>;
  /** Closed, moved and deleted ones, too: `null` for one that is gone. */
  item(at: Item): Promise<Answer<ItemView | null>>;
  comments(at: Item): Promise<Answer<Page<CommentView>>>;
  /** Comments of the whole place that have changed since (ms). `null` where the host lists them per item alone. */
  commentsSince:
    | ((place: string, since: number, etag: string | null) => Promise<Answer<Fresh<Page<CommentView>>>>)
    | null;
  /** What was done to it, oldest first. */
  changes(at: Item): Promise<Answer<Page<ItemChange>>>;
  /** Items that this one waits for. */
  blockers(at: Item): Promise<Answer<readonly Item[]>>;
  readonly images: ImagesAsk;
  /** What the person may do there; a stranger, and nobody at all, may do `none`. */
  permission(place: string, person: string): Promise<Answer<"admin" | "write" | "read" | "none">>;
}

export interface ForgeAsk extends TrackerAsk {
  repository(repo: string): Promise<
    Answer<{
      readonly fullName: string;
      readonly defaultBranch: string;
      readonly isArchived: boolean;
      readonly canPush: boolean | null;
    }>
  >;
  rules(repo: string, branch: string): Promise<Answer<BranchRules>>;
  /** All checks of a commit, however the host keeps them; none is an empty list. */
  checks(repo: string, commit: string): Promise<Answer<readonly ReportedCheck[]>>;
  /** As `checks`, by the names that the host itself has for them. */
  marks(repo: string, commit: string): Promise<Answer<readonly MarkView[]>>;
  /** Why checks have failed: names, annotations and the end of each log, at most `bytes` in all. */
  whyFailed(repo: string, commit: string, bytes: number): Promise<Answer<WhyFailed>>;
  pull(repo: string, number: number): Promise<Answer<Pull | null>>;
  /** As `pull`, with all that an event would tell of it. */
  pullView(repo: string, number: number): Promise<Answer<PullView | null>>;
  /** Of this branch, or with this commit; the open one first. */
  pullsOf(
    repo: string,
    by: { readonly branch: string } | { readonly commit: string },
  ): Promise<Answer<readonly Pull[]>>;
  reviews(repo: string, number: number): Promise<Answer<Page<ReviewView>>>;
  remarks(repo: string, number: number): Promise<Answer<Page<RemarkView>>>;
  /** Threads that are open, by their first remark, with what {@link import("./tell.ts").Forge.resolve} wants. */
  openThreads(
    repo: string,
    number: number,
  ): Promise<Answer<readonly { readonly thread: string; readonly comment: string }[]>>;
  hooks(repo: string): Promise<Answer<readonly Hook[]>>;
  createHook(
    repo: string,
    hook: { readonly url: string; readonly secret: string; readonly events: readonly string[] },
  ): Promise<Answer<Hook>>;
  /** Of this hook since (ms), newest first. */
  sentHooks(repo: string, hook: string, since: number): Promise<Answer<Page<SentHook>>>;
  sendAgain(repo: string, hook: string, sent: string): Promise<Answer<null>>;
}
