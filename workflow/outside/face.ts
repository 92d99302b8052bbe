/**
 * Faces: what a task shows at a source, one per aspect. A face is a wished-for state; what stands there is brought to
 * it by a call of the outbox. Pure.
 */

/** How a commit stands, as all forges know it. */
export type CommitState = "pending" | "success" | "failure" | "error";

/** By aspect, what is wished for. */
export interface FaceWishes {
  /** The one comment about the task, as Markdown. */
  readonly comment: { readonly text: string };
  /** A comment about one thing that is asked of people, as Markdown. Each has an aspect of its own: {@link isAsk}. */
  readonly ask: { readonly text: string };
  readonly labels: { readonly has: readonly string[]; readonly lacks: readonly string[] };
  readonly state: { readonly state: string };
  /** At a commit of the face's place, which has no item. */
  readonly status: {
    readonly commit: string;
    readonly name: string;
    readonly state: CommitState;
    readonly text: string;
    readonly url: string | null;
  };
  /** At the face's place, which has no item: the pull request of its branch. */
  readonly pull: PullShown;
  /** What an agent has judged of its work, as a review; said once, with an aspect of its own: {@link isVerdict}. */
  readonly verdict: VerdictShown;
  /** Threads of its review that are answered, at the same place. */
  readonly threads: { readonly number: number; readonly threads: readonly ThreadAnswer[] };
}

/** `PullWish` of `forges/tell.ts`, but for what is known only when it is told. */
export interface PullShown {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
}

export interface VerdictShown {
  readonly number: number;
  readonly commit: string;
  readonly said: "approved" | "changes_requested";
  readonly text: string;
  /** The agent profile whose word it is. */
  readonly by: string;
  /** Which further account of the source says it; `null` for its own. */
  readonly as: string | null;
}

export interface ThreadAnswer {
  /** The first remark of the thread. */
  readonly comment: string;
  readonly mark: string;
  readonly text: string;
  /** Whether nothing is left to be said in it. */
  readonly resolves: boolean;
  /** As of {@link VerdictShown}. */
  readonly as: string | null;
}

export const ASPECTS = ["comment", "ask", "labels", "state", "status", "pull", "verdict", "threads"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** With the id of what is asked behind it. */
export const ASK = "ask-";

export function isAsk(aspect: string): aspect is `${typeof ASK}${string}` {
  return aspect.startsWith(ASK);
}

/** With the number of its phase in the task behind it. */
export const VERDICT = "verdict-";

export function isVerdict(aspect: string): aspect is `${typeof VERDICT}${string}` {
  return aspect.startsWith(VERDICT);
}

type AspectName<A extends Aspect> = A extends "ask"
  ? `${typeof ASK}${string}`
  : A extends "verdict"
    ? `${typeof VERDICT}${string}`
    : A;

/** What a task is to show. */
export type WantedFace = {
  readonly [A in Aspect]: {
    readonly source: string;
    /** As `Item` of `forges/tell.ts`; the item is empty where the aspect is of a place. */
    readonly place: string;
    readonly item: string;
    readonly aspect: AspectName<A>;
    readonly wish: FaceWishes[A];
  };
}[Aspect];

/** A face as it is stored. */
export interface Face {
  readonly task: string;
  readonly source: string;
  readonly aspect: string;
  readonly place: string;
  readonly item: string;
  readonly wish: Readonly<Record<string, unknown>>;
  /** Hash of the wish. */
  readonly wished: string;
  /** Hash of what stands there; `null` while nobody knows. */
  readonly told: string | null;
  /** Whether something is still to be told. */
  readonly isOpen: boolean;
  /** By which it is changed later, as the host calls it. */
  readonly remote: string | null;
  readonly url: string | null;
  /** Why the host would not have it. */
  readonly error: string | null;
  /** ms. */
  readonly wishedAt: number;
  readonly toldAt: number | null;
}

/** A task that looks different now from what was looked at last. */
export interface Moved {
  readonly task: string;
  readonly mark: string;
  /** Empty when it was never looked at, or everything is to be looked at anew. */
  readonly seen: string;
}

/** A wish as it was stored; `null` for what nobody understands: it may be of another version. */
export function readWish({ aspect, wish }: Pick<Face, "aspect" | "wish">): AspectWish | null {
  const { text, has, lacks, state, commit, name, url } = wish;
  if (isAsk(aspect)) return typeof text === "string" ? { aspect: "ask", wish: { text } } : null;
  if (isVerdict(aspect)) return readVerdict(wish);
  switch (aspect) {
    case "comment":
      return typeof text === "string" ? { aspect, wish: { text } } : null;
    case "labels":
      return areTexts(has) && areTexts(lacks) ? { aspect, wish: { has, lacks } } : null;
    case "state":
      return typeof state === "string" ? { aspect, wish: { state } } : null;
    case "status":
      return typeof commit === "string" &&
        typeof name === "string" &&
        typeof text === "string" &&
        isCommitState(state) &&
        isTextOrNull(url)
        ? { aspect, wish: { commit, name, state, text, url } }
        : null;
    case "pull":
      return readPull(wish);
    case "threads": {
      const { number, threads } = wish;
      return typeof number === "number" && Array.isArray(threads) && threads.every(isAnswer)
        ? { aspect, wish: { number, threads } }
        : null;
    }
    default:
      return null;
  }
}

function readPull({ head, base, title, body, isDraft }: Face["wish"]): AspectWish | null {
  return typeof head === "string" &&
    typeof base === "string" &&
    typeof title === "string" &&
    typeof body === "string" &&
    typeof isDraft === "boolean"
    ? { aspect: "pull", wish: { head, base, title, body, isDraft } }
    : null;
}

function readVerdict({ number, commit, said, text, by, as }: Face["wish"]): AspectWish | null {
  return typeof number === "number" &&
    typeof commit === "string" &&
    (said === "approved" || said === "changes_requested") &&
    typeof text === "string" &&
    typeof by === "string" &&
    isTextOrNull(as)
    ? { aspect: "verdict", wish: { number, commit, said, text, by, as } }
    : null;
}

function isAnswer(value: unknown): value is ThreadAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { comment, mark, text, resolves, as }: Readonly<Record<string, unknown>> = { ...value };
  const areSaid = [comment, mark, text].every((one) => typeof one === "string");
  return areSaid && typeof resolves === "boolean" && isTextOrNull(as);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

export type AspectWish = {
  readonly [A in Aspect]: { readonly aspect: A; readonly wish: FaceWishes[A] };
}[Aspect];

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

const COMMIT_STATES: readonly CommitState[] = ["pending", "success", "failure", "error"];

function isCommitState(value: unknown): value is CommitState {
  return COMMIT_STATES.some((state) => state === value);
}
