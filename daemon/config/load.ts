/**
 * The configuration (DESIGN §8): found, read, filled in, checked as a whole, and handed on as plain types.
 *
 * C1. All problems are told at once, each with file, line, column and path.
 * C2. No message holds a value that could be a secret; `secrets` lists them all for the log's redaction (I12).
 * C3. Nothing here acts on what was read. `config-schema.ts` has the keys, `config-rules.ts` what they mean together.
 */

import { dirname, isAbsolute, join, resolve } from "node:path";
import type { SourceSettings } from "../../handlers/sources.ts";
import { type Files, systemFiles } from "../../system/files.ts";
import type { ScopeLimits } from "../../system/process/scopes.ts";
import type { AgentProfile, BackendName, Project } from "../../workflow/project.ts";
import { compose } from "./compose.ts";
import { type ConfigSource, parseConfigText } from "./document.ts";
import { agentSecrets, type Environment, type Fault, fillIn, readTextFile } from "./fill-in.ts";
import { checkRules } from "./rules.ts";
import { configSchema } from "./schema.ts";
import { faultsOf, formatPath } from "./sentences.ts";

export interface Config {
  /** The file it came from, absolute. */
  readonly file: string;
  /** Absolute, without a slash at its end. */
  readonly dataDir: string;
  readonly database: "sqlite";
  readonly server: {
    readonly webhooks: ListenAddress;
    readonly admin: ListenAddress;
    /** Bytes of a webhook's body. */
    readonly bodyLimit: number;
  };
  readonly limits: {
    /** Agents working at once, over all projects. */
    readonly concurrency: number;
    /** Bytes that must be available on the host before an agent is started; 0 for no floor. */
    readonly memoryFloor: number;
    /** Of each run, where it is isolated. */
    readonly run: ScopeLimits;
  };
  readonly sources: SourceSettings;
  readonly accounts: readonly AccountConfig[];
  readonly agents: Readonly<Record<string, AgentProfile>>;
  /** By model: what the file says instead of the built-in list. */
  readonly prices: ReadonlyMap<string, ModelPrice>;
  readonly projects: readonly Project[];
  /** What stands around each agent: nothing of its own, or a scope of systemd's. */
  readonly isolation: "none" | "scope";
  /** What becomes of agents when the daemon stops. */
  readonly shutdown: "detach" | "drain" | "stop";
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/** An environment set by which a backend reaches its service. */
export interface AccountConfig {
  readonly name: string;
  readonly backend: BackendName;
  readonly env: Readonly<Record<string, string>>;
  readonly concurrency: number | null;
}

/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

interface ListenAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface ConfigProblem {
  /** Empty when no file was found. */
  readonly file: string;
  /** From 1; 0 when the problem is the file itself. */
  readonly line: number;
  readonly column: number;
  /** Such as `projects[0].prefix`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export interface LoadOptions {
  /** From `--config`; otherwise `$CHARGEHAND_CONFIG`, `./chargehand.yaml`, `/etc/chargehand/chargehand.yaml`. */
  readonly path?: string | undefined;
  readonly env: Environment;
  readonly files?: Files;
}

interface Problems {
  readonly kind: "problems";
  readonly problems: readonly ConfigProblem[];
}

export type LoadedConfig =
  | { readonly kind: "ok"; readonly config: Config; readonly secrets: readonly string[] }
  | Problems;

const FILE_BYTES_MAX = 1_048_576;

/** Reads and checks the whole file. Never throws for what a person can mend. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const files = options.files ?? systemFiles();
  const opened = await open(options, files);
  if (opened.kind === "problems") return opened;
  const { file, source } = opened;
  const filled = await fillIn(source.tree, options.env, files, dirname(file));
  const parsed = configSchema.safeParse(filled.tree, { reportInput: true });
  const found = [
    ...filled.faults,
    ...(parsed.error?.issues ?? []).flatMap(faultsOf),
    ...checkRules(filled.tree),
  ];
  if (!parsed.success || found.length > 0) return { kind: "problems", problems: place(found, file, source) };
  const config = compose(parsed.data, file);
  const shared = Object.values(config.agents).flatMap(({ env }) => agentSecrets(env, options.env));
  return { kind: "ok", config, secrets: [...new Set([...filled.secrets, ...shared])] };
}

export type FoundDataDir = { readonly kind: "ok"; readonly dataDir: string } | Problems;

/** Only where the data is: what the CLI needs of a file whose secrets are not in the caller's environment. */
export async function findDataDir(options: LoadOptions): Promise<FoundDataDir> {
  const files = options.files ?? systemFiles();
  const opened = await open(options, files);
  if (opened.kind === "problems") return opened;
  const { file, source } = opened;
  const path = ["data_dir"];
  const raw =
    typeof source.tree === "object" && source.tree !== null
      ? new Map(Object.entries(source.tree)).get("data_dir")
      : null;
  const filled = await fillIn({ data_dir: raw }, options.env, files, dirname(file));
  const dataDir = new Map(Object.entries(filled.tree ?? {})).get("data_dir");
  if (filled.faults.length > 0) return { kind: "problems", problems: place(filled.faults, file, source) };
  if (typeof dataDir === "string" && dataDir !== "")
    return { kind: "ok", dataDir: resolve(dirname(file), dataDir) };
  return {
    kind: "problems",
    problems: place([{ path, message: "must be the path of a folder" }], file, source),
  };
}

/** Where the database of a data directory is. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, "chargehand.db");
}

/** `chargehand.yaml:12:5: projects[0].prefix: …`, one line. */
export function printProblem({ file, line, column, path, message }: ConfigProblem): string {
  const where = line > 0 ? `${file}:${line}:${column}` : file;
  return [where, path, message].filter((part) => part !== "").join(": ");
}

type Opened = { readonly kind: "opened"; readonly file: string; readonly source: ConfigSource } | Problems;

async function open(options: LoadOptions, files: Files): Promise<Opened> {
  const places = searchOrder(options);
  for (const place of places) {
    const file = isAbsolute(place) ? place : resolve(place);
    const read = await readTextFile(files, file, FILE_BYTES_MAX);
    if (read.kind === "unreadable") return whole(file, `cannot be read: ${read.reason}`);
    if (read.text === null) continue;
    if (read.text.length >= FILE_BYTES_MAX)
      return whole(file, "is larger than 1 MiB, so it is hardly a configuration");
    const parsed = parseConfigText(read.text);
    if (parsed.kind === "parsed") return { kind: "opened", file, source: parsed.source };
    return { kind: "problems", problems: parsed.faults.map((fault) => ({ file, path: "", ...fault })) };
  }
  if (places.length === 1) return whole(resolve(places[0] ?? ""), "there is no such file");
  return whole(
    "",
    `no configuration found; looked for ${places.join(" and ")}; name one with --config or $CHARGEHAND_CONFIG`,
  );
}

function searchOrder({ path, env }: LoadOptions): readonly string[] {
  const named = path ?? env["CHARGEHAND_CONFIG"];
  return named ? [named] : ["./chargehand.yaml", "/etc/chargehand/chargehand.yaml"];
}

function whole(file: string, message: string): Problems {
  return { kind: "problems", problems: [{ file, line: 0, column: 0, path: "", message }] };
}

/** Gives every fault its line, in the order of the file. Of a path, the first fault is the cause of the others. */
function place(faults: readonly Fault[], file: string, source: ConfigSource): readonly ConfigProblem[] {
  const byPath = new Map<string, Fault>();
  for (const fault of faults) {
    const key = formatPath(fault.path);
    if (!byPath.has(key)) byPath.set(key, fault);
  }
  const problems = [...byPath].map(([path, fault]) => {
    return { file, path, message: fault.message, ...source.locate(fault.path, fault.at ?? "value") };
  });
  return problems.sort((one, other) => one.line - other.line || one.column - other.column);
}
