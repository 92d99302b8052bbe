/** What there is on the scripted GitHub. Ids are counted over everything; times are milliseconds. */

import type { CheckRun, CheckSuite, Status, WorkflowRun } from "./checks.ts";
import type { User } from "./user.ts";

export const ROLES = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What a fine-grained token or an App may do. */
export type Grants = Readonly<Record<string, "read" | "write">>;

export interface Token {
  readonly token: string;
  readonly user: User;
  /** Classic ones have scopes, the others grants. */
  readonly kind: "classic" | "fine-grained" | "installation";
  readonly scopes: readonly string[];
  readonly grants: Grants;
  /** `owner/name`; `null` for all that its user may see. */
  readonly repos: readonly string[] | null;
  readonly expiresAt: number | null;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: string;
  readonly at: number;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: User;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
}

/** As `GET /issues/{number}/events` has it. */
export interface Act {
  readonly id: number;
  readonly event: string;
  readonly by: User;
  readonly at: number;
  readonly label: string | null;
  readonly assignee: User | null;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: User;
  isOpen: boolean;
  stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  /** In lower case, as they are compared. */
  readonly labels: Set<string>;
  assignees: readonly User[];
  isLocked: boolean;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  closedBy: User | null;
  readonly reactions: Reaction[];
  /** Of its text, the last time. */
  edited: { readonly by: User; readonly at: number } | null;
  /** Ids of issues of any repository here. */
  readonly blockedBy: Set<number>;
  /** What was done to it, oldest first. */
  readonly history: Act[];
  readonly pull: Pull | null;
}

export interface Pull {
  readonly id: number;
  readonly headRef: string;
  /** `null`: the fork is gone. */
  readonly headRepo: string | null;
  headSha: string;
  baseRef: string;
  baseSha: string;
  isDraft: boolean;
  merged: { readonly at: number; readonly by: User; readonly sha: string } | null;
  /** The heads for which it has been asked whether they fit. */
  askedFor: string | null;
  /** Of its base; `removed` says why it was taken out last. */
  readonly queue: { isIn: boolean; removed: string | null };
  autoMerge: { readonly by: User; readonly method: string } | null;
  reviewers: readonly User[];
  readonly reviews: Review[];
  readonly threads: Thread[];
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly id: number;
  readonly author: User;
  state: ReviewState;
  readonly body: string;
  readonly commit: string;
  readonly at: number;
}

export interface Thread {
  readonly id: string;
  readonly path: string;
  readonly line: number;
  readonly side: "LEFT" | "RIGHT";
  readonly commit: string;
  resolvedBy: User | null;
  readonly remarks: Remark[];
}

export interface Remark {
  readonly id: number;
  readonly review: number;
  readonly author: User;
  body: string;
  readonly at: number;
  updatedAt: number;
  readonly reactions: Reaction[];
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly at: number;
  readonly event: string;
  readonly action: string | null;
  readonly isAgain: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `null` while it is on its way. */
  answer: {
    readonly status: number;
    readonly text: string;
    readonly body: string;
    readonly ms: number;
  } | null;
}

export interface Hook {
  readonly id: number;
  url: string;
  secret: string | null;
  contentType: "json" | "form";
  events: readonly string[];
  isActive: boolean;
  readonly createdAt: number;
  updatedAt: number;
  /** The newest last. */
  readonly deliveries: Delivery[];
}

/** What a branch demands of what is merged into it. */
export interface Protection {
  readonly checks: readonly string[];
  readonly approvals: number;
  readonly resolvedThreads: boolean;
  readonly isQueued: boolean;
  /** A ruleset, or a protection of the older kind. */
  readonly kind: "rules" | "classic";
}

export interface Repo {
  readonly id: number;
  owner: User;
  name: string;
  readonly folder: string;
  readonly createdAt: number;
  isPrivate: boolean;
  isArchived: boolean;
  hasIssues: boolean;
  /** Drafts are missing in private repositories of free plans. */
  hasDrafts: boolean;
  readonly defaultBranch: string;
  readonly roles: Map<string, Role>;
  readonly allows: { merge: boolean; squash: boolean; rebase: boolean; deletesBranch: boolean };
  readonly protection: Map<string, Protection>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  /** Where what is no longer here has gone to; `null` when it was deleted. */
  readonly gone: Map<number, string | null>;
  readonly comments: Map<number, Comment>;
  readonly hooks: Map<number, Hook>;
  readonly statuses: Status[];
  readonly suites: CheckSuite[];
  readonly checkRuns: CheckRun[];
  readonly workflowRuns: WorkflowRun[];
  /** Branches and their commits, as of the last look. */
  refs: ReadonlyMap<string, string>;
  lastNumber: number;
}

export function fullName({ owner, name }: Pick<Repo, "owner" | "name">): string {
  return `${owner.login}/${name}`;
}
