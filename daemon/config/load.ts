/**
 * The configuration (DESIGN §8): found, read, filled in, checked as a whole, and handed on as plain types.
 *
 * C1. All problems are told at once, each with file, line, column and path.
 * C2. No message holds a value that could be a secret; `secrets` lists them all for the log's redaction (I12).
 * C3. Nothing here acts on what was read. The keys, and what they mean together, are the affair of the parts
 *     (`config.ts`).
 */

import { dirname } from "node:path";
import { faultsOf, type Known } from "../../system/config/sentences.ts";
import { readTree } from "../../system/config/tree.ts";
import { systemFiles } from "../../system/files.ts";
import { compose } from "./compose.ts";
import { CONFIG_PARTS, type Config } from "./config.ts";
import { type LoadOptions, openConfig, type Problems, place } from "./file.ts";
import { fillIn } from "./fill-in.ts";
import { refusedKey, refusedValue } from "./later.ts";
import { configJsonSchema, configSchema } from "./schema.ts";
import { agentSecrets, isSecret } from "./secrets.ts";
import { readWorkflows } from "./workflows.ts";

export type LoadedConfig =
  | { readonly kind: "ok"; readonly config: Config; readonly secrets: readonly string[] }
  | Problems;

const KNOWN: Known = { schema: configJsonSchema(), refusedKey, refusedValue };

/** Reads and checks the whole file. Never throws for what a person can mend. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const files = options.files ?? systemFiles();
  const opened = await openConfig(options, files);
  if (opened.kind === "problems") return opened;
  const { file, source } = opened;
  const filled = await fillIn(source.tree, { env: options.env, files, folder: dirname(file), isSecret });
  const parsed = configSchema.safeParse(filled.tree, { reportInput: true });
  const tree = readTree(filled.tree);
  const workflows = await readWorkflows(tree, dirname(file), files);
  const found = [
    ...filled.faults,
    ...workflows.faults,
    ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, KNOWN)),
    ...CONFIG_PARTS.flatMap(({ rules = [] }) => rules.flatMap((rule) => rule(tree))),
  ];
  const problems = [...place(found, file, source), ...workflows.problems];
  if (!parsed.success || problems.length > 0) return { kind: "problems", problems };
  const config = compose(parsed.data, file, workflows.found);
  const shared = Object.values(config.agents).flatMap(({ env }) => agentSecrets(env, options.env));
  return { kind: "ok", config, secrets: [...new Set([...filled.secrets, ...shared])] };
}
