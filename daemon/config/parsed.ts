/** What the schema makes of a good file: keys as in the file, defaults filled in, spans in ms, sizes in bytes. */

import type { BackendName, McpServer, Permissions, TrustRules } from "../../workflow/project.ts";

export interface ParsedConfig {
  readonly data_dir: string;
  readonly database: "sqlite";
  readonly server: {
    readonly webhooks: ParsedAddress;
    readonly admin: ParsedAddress;
    readonly body_limit: number;
  };
  readonly limits: {
    readonly concurrency: number;
    readonly memory_floor?: number | undefined;
    readonly run?: ParsedRunLimits | undefined;
  };
  readonly isolation: "none" | "scope";
  readonly sources: Readonly<Record<string, unknown>>;
  readonly accounts: Readonly<Record<string, ParsedAccount>>;
  readonly agents: Readonly<Record<string, ParsedAgent>>;
  readonly prices: Readonly<Record<string, ParsedPrice>>;
  readonly projects: readonly ParsedProject[];
  readonly shutdown: "detach" | "drain" | "stop";
  readonly log_level: "debug" | "info" | "warn" | "error";
}

export interface ParsedRunLimits {
  readonly memory?: number | undefined;
  readonly tasks?: number | undefined;
  readonly cpus?: number | undefined;
}

export interface ParsedAddress {
  readonly host: string;
  readonly port: number;
}

export interface ParsedAgent {
  readonly backend: BackendName;
  readonly program?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly prompt?: "stdin" | "argument" | "file" | undefined;
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly timeout: number;
  readonly max_attempts: number;
  readonly env: readonly string[];
  readonly permissions: Permissions;
  readonly mcp: Readonly<Record<string, McpServer>>;
  readonly accounts?: readonly string[] | undefined;
  readonly fallback?: string | undefined;
}

export interface ParsedAccount {
  readonly backend: BackendName;
  readonly env: Readonly<Record<string, string>>;
  readonly concurrency?: number | undefined;
}

/** US dollars per million tokens. */
export interface ParsedPrice {
  readonly input: number;
  readonly output: number;
  readonly cache_read?: number | undefined;
  readonly cache_write?: number | undefined;
}

/** `mode`, and limits such as `task_usd` and `day_tokens`. */
export type ParsedBudget = { readonly mode: "metered" | "subscription" } & {
  readonly [key: string]: number | "metered" | "subscription" | undefined;
};

export interface ParsedProject {
  readonly name: string;
  readonly prefix: string;
  readonly repo?: string | undefined;
  readonly clone_url: string;
  readonly base_branch: string;
  readonly workflow: "single";
  readonly agent: string;
  readonly publish: "none" | "branch";
  readonly start: {
    readonly labels: readonly string[];
    readonly states: readonly string[];
    readonly commands: readonly string[];
    readonly assignees: readonly string[];
  };
  readonly trust: TrustRules;
  readonly concurrency?: number | undefined;
  readonly budget: ParsedBudget;
}
