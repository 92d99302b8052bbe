/** What the schema makes of a good file: keys as in the file, defaults filled in, spans in ms, sizes in bytes. */

export interface ParsedConfig {
  readonly data_dir: string;
  readonly database: "sqlite";
  readonly server: {
    readonly webhooks: ParsedAddress;
    readonly admin: ParsedAddress;
    readonly body_limit: number;
  };
  readonly limits: { readonly concurrency: number; readonly memory_floor?: number | undefined };
  readonly sources: { readonly github?: ParsedSource | undefined; readonly plane?: ParsedPlane | undefined };
  readonly agents: Readonly<Record<string, ParsedAgent>>;
  readonly projects: readonly ParsedProject[];
  readonly shutdown: "detach";
  readonly log_level: "debug" | "info" | "warn" | "error";
}

export interface ParsedAddress {
  readonly host: string;
  readonly port: number;
}

export interface ParsedSource {
  readonly secret: readonly string[];
  readonly token?: string | undefined;
  readonly api_url: string;
  readonly account?: string | undefined;
}

export interface ParsedPlane extends ParsedSource {
  readonly workspace?: string | undefined;
}

export interface ParsedAgent {
  readonly backend: "claude" | "command";
  readonly program?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly prompt?: "stdin" | "argument" | "file" | undefined;
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly timeout: number;
  readonly max_attempts: number;
  readonly env: readonly string[];
}

export interface ParsedProject {
  readonly name: string;
  readonly prefix: string;
  readonly repo?: string | undefined;
  readonly clone_url: string;
  readonly base_branch: string;
  readonly plane_project?: string | undefined;
  readonly workflow: "single";
  readonly agent: string;
  readonly publish: "none" | "branch";
  readonly start: {
    readonly labels: readonly string[];
    readonly states: readonly string[];
    readonly commands: readonly string[];
    readonly assignees: readonly string[];
  };
  readonly trust: {
    readonly github: readonly string[];
    readonly users: readonly string[];
    readonly bots: readonly string[];
  };
  readonly concurrency?: number | undefined;
}
