/**
 * The workflows that come with the program: files like those that people write, shipped beside the code
 * (`built-in/NAME.yaml`), which users copy and change.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** In the order in which they are shown. */
export const BUILT_IN_NAMES = ["single", "pipeline", "review"] as const;

export interface WorkflowText {
  /** What problems call it. */
  readonly origin: string;
  readonly text: string;
}

/** The text of a built-in workflow; `null` for a name that none has. */
export function builtInText(name: string): WorkflowText | null {
  const known = BUILT_IN_NAMES.find((one) => one === name);
  if (known === undefined) return null;
  const text = readFileSync(join(import.meta.dirname, "built-in", `${known}.yaml`), "utf8");
  return { origin: `built-in ${known}`, text };
}
