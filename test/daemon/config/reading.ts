/** Reads configurations that a test writes down, in a folder of its own. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Config } from "../../../daemon/config/config.ts";
import { type ConfigProblem, printProblem } from "../../../daemon/config/file.ts";
import { type LoadedConfig, loadConfig } from "../../../daemon/config/load.ts";

type Variables = Readonly<Record<string, string>>;

export interface Reading {
  /** The path of a file in the folder, which is removed after the tests. */
  path(name: string): string;
  write(name: string, text: string): Promise<void>;
  read(text: string, env?: Variables): Promise<LoadedConfig>;
  /** What a good file becomes. */
  load(text: string, env?: Variables): Promise<{ config: Config; secrets: readonly string[] }>;
  problems(text: string, env?: Variables): Promise<readonly ConfigProblem[]>;
  /** `path: sentence` of every problem. */
  sentences(text: string): Promise<readonly string[]>;
}

/** To be asked for once, at the top of a file of tests. */
export function reading(): Reading {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "chargehand-config-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): Promise<void> => writeFile(path(name), text);
  const read = async (text: string, env: Variables = {}): Promise<LoadedConfig> => {
    await write("chargehand.yaml", text);
    return loadConfig({ path: path("chargehand.yaml"), env });
  };
  const problems = async (text: string, env?: Variables): Promise<readonly ConfigProblem[]> => {
    const loaded = await read(text, env);
    return loaded.kind === "problems" ? loaded.problems : [];
  };
  return {
    path,
    write,
    read,
    async load(text, env): ReturnType<Reading["load"]> {
      const loaded = await read(text, env);
      if (loaded.kind === "problems") assert.fail(loaded.problems.map(printProblem).join("\n"));
      return loaded;
    },
    problems,
    sentences: async (text) => (await problems(text)).map(({ path: at, message }) => `${at}: ${message}`),
  };
}
