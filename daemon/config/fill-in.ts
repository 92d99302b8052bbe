/**
 * `${VARIABLE}` anywhere in a text, and `file:PATH` where a secret is expected.
 *
 * 1. What could not be filled in stays as it was written, and is reported once: nobody complains about it again.
 * 2. Everything that is a secret, or came from a variable that sounds like one, is collected, so that the log can
 *    leave it out (I12). A message never holds a value, only names.
 * 3. The tree is walked without waiting: a promise for each of its ten thousand texts would take longer than the rest.
 *    Where files are named, it is walked a second time when they have been read.
 */

import { isAbsolute, resolve } from "node:path";
import type { ConfigPath, Fault } from "../../system/config/part.ts";
import { passwordsIn } from "../../system/config/passwords.ts";
import type { Files } from "../../system/files.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Filled {
  readonly tree: unknown;
  readonly faults: readonly Fault[];
  readonly secrets: ReadonlySet<string>;
}

/** With what a tree is filled in. */
export interface Filling {
  readonly env: Environment;
  readonly files: Files;
  /** What relative paths of secret files are relative to. */
  readonly folder: string;
  readonly isSecret: (path: ConfigPath) => boolean;
}

interface Progress extends Filling {
  readonly faults: Fault[];
  readonly secrets: Set<string>;
  /** By path. */
  readonly read: ReadonlyMap<string, TextFile>;
  /** Paths of files that are not read yet. */
  readonly unread: Set<string>;
}

/** A secret is one line; whoever names a bigger file means another one. */
const SECRET_BYTES_MAX = 65_536;

export async function fillIn(tree: unknown, filling: Filling): Promise<Filled> {
  const first = filled(tree, filling, new Map());
  if (first.unread.size === 0) return first;
  const reading = [...first.unread].map(
    async (file) => [file, await readTextFile(filling.files, file, SECRET_BYTES_MAX)] as const,
  );
  return filled(tree, filling, new Map(await Promise.all(reading)));
}

function filled(tree: unknown, filling: Filling, read: Progress["read"]): Filled & Pick<Progress, "unread"> {
  const progress: Progress = { ...filling, faults: [], secrets: new Set(), read, unread: new Set() };
  const { faults, secrets, unread } = progress;
  return { tree: fill(tree, [], progress), faults, secrets, unread };
}

function fill(value: unknown, path: ConfigPath, filling: Progress): unknown {
  if (typeof value === "string") return fillText(value, path, filling);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown, index) => fill(item, [...path, index], filling));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fill(inner, [...path, key], filling)]),
  );
}

function fillText(text: string, path: ConfigPath, filling: Progress): string {
  const filled = interpolate(text, path, filling);
  if (filled === null) return text;
  if (!filling.isSecret(path)) {
    for (const password of passwordsIn(filled)) filling.secrets.add(password);
    return filled;
  }
  const secret = filled.startsWith("file:")
    ? readSecret(filled.slice("file:".length), path, filling)
    : filled;
  if (secret !== null) filling.secrets.add(secret);
  return secret ?? text;
}

/** `$${` is a literal `${`. Answers `null` when a variable is missing. */
function interpolate(text: string, path: ConfigPath, filling: Progress): string | null {
  const missing: string[] = [];
  const filled = text.replace(/\$?\$\{([^}]*)\}/g, (match: string, name: string) => {
    if (match.startsWith("$$")) return match.slice(1);
    const value = Object.hasOwn(filling.env, name) ? filling.env[name] : undefined;
    if (value === undefined) missing.push(name);
    else if (soundsSecret(name) && value !== "") filling.secrets.add(value);
    return value ?? "";
  });
  for (const name of missing) {
    const message = /^[A-Za-z_]\w*$/.test(name)
      ? `the environment variable ${name} is not set`
      : `\${${name}} is not the name of an environment variable; write $\${…} for a literal \${…}`;
    filling.faults.push({ path, message });
  }
  return missing.length > 0 ? null : filled;
}

/** `null` when there is none, and while its file is not read. */
function readSecret(name: string, path: ConfigPath, filling: Progress): string | null {
  const file = isAbsolute(name) ? name : resolve(filling.folder, name);
  const fault = (message: string): null => {
    filling.faults.push({ path, message });
    return null;
  };
  if (name === "") return fault("file: needs the path of a file");
  const read = filling.read.get(file);
  if (read === undefined) {
    filling.unread.add(file);
    return null;
  }
  if (read.kind === "unreadable") return fault(`the secret file ${file} cannot be read: ${read.reason}`);
  if (read.text === null) return fault(`the secret file ${file} does not exist`);
  const secret = read.text.replace(/[\r\n]+$/, "");
  return secret === "" ? fault(`the secret file ${file} is empty`) : secret;
}

export type TextFile =
  /** `null` when there is no such file. */
  | { readonly kind: "read"; readonly text: string | null }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads a file that a person named, so that no permission or directory is an accident of ours. */
export async function readTextFile(files: Files, path: string, maxBytes: number): Promise<TextFile> {
  try {
    return { kind: "read", text: await files.read("read config", path, maxBytes) };
  } catch (error) {
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a variable of this name holds a secret. */
export function soundsSecret(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i.test(name);
}
