/** Projects and agent profiles, as the rest of the house sees them after the configuration was read and checked. */

import type { BudgetLimit } from "./budget.ts";
import type { Pins } from "./task.ts";
import type { Workflow } from "./workflow.ts";

export interface StartTriggers {
  /** Label names, or ids where the tracker's labels have them. */
  readonly labels: readonly string[];
  /** Tracker state names or ids. */
  readonly states: readonly string[];
  /** Comment commands such as `/agent`. */
  readonly commands: readonly string[];
  /** Logins, or user ids where people have no login, whose assignment starts a task. */
  readonly assignees: readonly string[];
}

export interface TrustRules {
  /** Logins, or user ids, that are always trusted here. */
  readonly users: readonly string[];
  /** Bot logins that are trusted although they are bots. */
  readonly bots: readonly string[];
  /** By source: standings, as it names them, that are a yes without a look-up (`github`: `OWNER`). */
  readonly [source: string]: readonly string[];
}

/** How the work of a task is shown, and merged, as a pull request. */
export interface PullPolicy {
  /** Whether it is a draft until the gates of its task have opened. */
  readonly draft: boolean;
  /** Whether the issue is closed with it, where both are of one forge. */
  readonly closes: boolean;
  readonly method: PullMethod;
  /** Whether the branch goes when it is merged. */
  readonly deleteBranch: boolean;
}

export type PullMethod = "merge" | "squash" | "rebase";

/** What becomes of the work of a project's agents. */
export interface PublishPolicy {
  /**
   * `branch`: pushed to branches of its own. `pull_request`: and shown in a pull request of that branch. `none`: it
   * stays in the daemon's repository.
   */
  readonly to: "none" | "branch" | "pull_request";
  /** There exactly with `pull_request`. */
  readonly pull?: PullPolicy;
  /** Whether changes of files by which the forge runs programs are pushed without a person's yes. */
  readonly allowCi: boolean;
  /** Whether an agent that says it is done and has changed nothing has failed. */
  readonly requireChange: boolean;
  /** Whether phases that merge, and those behind them, are played: what was made goes into the base branch. */
  readonly merge: boolean;
}

/** What of its tasks is told at the items that they stand for, and at their commits. */
export interface TellRules {
  /** A comment per task, kept up to date, and an answer to whoever asked for something that is not done. */
  readonly comment: boolean;
  /** A mark at the commit that was published last. */
  readonly status: boolean;
  /** By how a task stands, the label that its item has then; it has none of the others. */
  readonly labels: Readonly<Partial<Record<LabelledAs, string>>>;
  /** By what a task has come to, the state that its item is moved to: its name, its id, or the kind of one. */
  readonly states: Readonly<Partial<Record<MovedAt, string>>>;
}

export const LABELLED_AS = ["working", "waiting", "done", "failed"] as const;
export type LabelledAs = (typeof LABELLED_AS)[number];
export const MOVED_AT = ["started", "review", "done", "failed"] as const;
export type MovedAt = (typeof MOVED_AT)[number];

/** What is done in a task's folder before its agent starts, because a fresh clone has no dependencies. */
export interface Setup {
  /** Commands of a shell, one after the other. */
  readonly run: readonly string[];
  /** Paths of the working copy that tasks give to one another, such as `node_modules`. */
  readonly cache: readonly string[];
  /** Of all of it, in ms. */
  readonly timeoutMs: number;
  /** What is larger is not given on, in bytes. */
  readonly cacheBytesMax: number;
}

export interface Project {
  readonly name: string;
  readonly prefix: string;
  /** As the forge names it, such as `acme/shop`; `null` when only a tracker feeds the project. */
  readonly repo: string | null;
  readonly cloneUrl: string;
  readonly baseBranch: string;
  /** By source, what a tracker that feeds the project calls it: ids of projects there. */
  readonly trackers: Readonly<Record<string, string>>;
  /** `null` where its repository says it. */
  readonly workflow: Workflow | null;
  /** Where its repository says none: by which its tasks go then; `null` where they wait for one. */
  readonly workflowFallback: Workflow | null;
  /** Name of the agent profile that plays the roles the workflow leaves open. */
  readonly agent: string;
  /** By role, who plays it instead. */
  readonly agents: Readonly<Record<string, string>>;
  /** Whether its tasks go one after another. */
  readonly serial: boolean;
  readonly publish: PublishPolicy;
  readonly tell: TellRules;
  /** What its agents see through the walls around them. */
  readonly mounts: readonly Mount[];
  /** `null` where a clone is all that an agent needs. */
  readonly setup: Setup | null;
  /** What its agents may keep from task to task, in bytes. */
  readonly dataBytesMax: number;
  readonly start: StartTriggers;
  readonly trust: TrustRules;
  readonly concurrency: number;
  readonly budget: readonly BudgetLimit[];
  /** Dollars are notional for it: its accounts are subscriptions. */
  readonly isNotional: boolean;
}

/** What a decision that makes a task has to know of its project. */
export interface ProjectFacts
  extends Pick<Project, "prefix" | "workflow" | "agent" | "agents" | "baseBranch"> {
  readonly pins?: Pins;
  /** Whether what is made is merged into the base branch. */
  readonly merges?: boolean;
}

export function factsOf(project: Project): ProjectFacts {
  const { prefix, workflow, agent, agents, baseBranch, publish } = project;
  return { prefix, workflow, agent, agents, baseBranch, ...(publish.merge && { merges: true }) };
}

/** What an agent may do without asking: everything, change files of its worktree, or only read. */
export type Permissions = "full" | "workspace" | "read_only";

/** A folder or file that is seen inside the walls by its own path (absolute). */
export interface Mount {
  readonly path: string;
  readonly mode: "ro" | "rw";
}

/** A server of the Model Context Protocol that is started for an agent. */
export interface McpServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface AgentProfile {
  readonly name: string;
  /** One of the names in `agents/registry.ts`. */
  readonly backend: string;
  /** The program of a built-in backend; the backend's own name when absent. */
  readonly program: string | null;
  /** The whole command of a `command` agent. */
  readonly argv: readonly string[];
  readonly prompt: "stdin" | "argument" | "file";
  readonly model: string | null;
  readonly effort: string | null;
  readonly permissions: Permissions;
  /** What it reaches: the host's network, or none at all. */
  readonly network: "open" | "none";
  readonly mounts: readonly Mount[];
  /** By name. */
  readonly mcp: Readonly<Record<string, McpServer>>;
  /** Further arguments for a built-in backend. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  /** Names of environment variables of the daemon that this agent may see (I12). */
  readonly env: readonly string[];
  /** Accounts to use, best first; none for the one that the backend has by default. */
  readonly accounts: readonly string[];
  /** The profile that plays instead while no account of this one is open. */
  readonly fallback: string | null;
  /** The projects that it works for; `null` for all. */
  readonly projects: readonly string[] | null;
  /** By which of the further accounts of a forge it speaks there; `null` for the daemon's own. */
  readonly forgeAccount: string | null;
  /** Who its commits are by. */
  readonly git: { readonly name: string; readonly email: string };
}

export function serves({ projects }: Pick<AgentProfile, "projects">, project: string): boolean {
  return projects === null || projects.includes(project);
}
