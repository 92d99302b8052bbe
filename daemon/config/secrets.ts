/** Which values of a configuration are secrets: the parts name them. */

import type { ConfigPath } from "../../system/config/part.ts";
import { leadsTo, stepsOf } from "../../system/config/tree.ts";
import { CONFIG_PARTS } from "./config.ts";
import { type Environment, soundsSecret } from "./fill-in.ts";

const SECRETS = CONFIG_PARTS.flatMap(({ secrets = [] }) => secrets.map(stepsOf));
const VARIABLES = CONFIG_PARTS.flatMap(({ environments = [] }) =>
  environments.map((pattern) => stepsOf(`${pattern}.*`)),
);

/** Secrets of the parts, alone or in a list, and variables of their environments whose names sound like it. */
export function isSecret(path: ConfigPath): boolean {
  if (SECRETS.some((steps) => leadsTo(steps, path))) return true;
  const isVariable = VARIABLES.some((steps) => steps.length === path.length && leadsTo(steps, path));
  return isVariable && soundsSecret(String(path.at(-1)));
}

/** Values of the variables that agents may see and that sound like secrets. */
export function agentSecrets(names: readonly string[], env: Environment): readonly string[] {
  return names.filter(soundsSecret).flatMap((name) => env[name] || []);
}
