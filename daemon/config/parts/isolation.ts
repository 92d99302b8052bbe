/** What stands around each agent, and the limits that only a scope enforces. */

import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { size } from "../../../system/config/values.ts";
import type { ScopeLimits } from "../../../system/process/scopes.ts";

/** With less not even the agents' own run-time starts. */
const RUN_BYTES_MIN = 64 * 1_048_576;

const runLimits = z.strictObject({
  memory: size
    .refine((bytes) => bytes >= RUN_BYTES_MIN, "must be at least 64MiB")
    .optional()
    .describe("of the agent and all it starts"),
  tasks: z.int().min(16).max(1_000_000).optional().describe("processes and threads"),
  cpus: z.number().min(0.1).max(1_024).optional().describe("processors' worth of time, such as 1.5"),
});

export const isolation = {
  keys: {
    "": keys(
      {
        isolation: z
          .enum(["none", "scope"])
          .default("none")
          .describe("what stands around each agent: nothing of its own, or a scope of systemd's"),
      },
      (parsed) => parsed,
      { restart: { isolation: "isolation" } },
    ),
    limits: keys(
      { run: runLimits.optional().describe("of each run; needs `isolation: scope`") },
      (parsed) => ({
        /** Of each run, where it is isolated. */
        run: limitsOf(parsed.run ?? {}),
      }),
    ),
  },
  rules: [checkEnforced],
} satisfies ConfigPart;

function limitsOf({ memory, tasks, cpus }: z.output<typeof runLimits>): ScopeLimits {
  return { memory: memory ?? null, tasks: tasks ?? null, cpus: cpus ?? null };
}

/** A limit that nobody enforces is worse than none. */
function checkEnforced(file: ConfigTree): readonly Fault[] {
  if (file.fields("limits")["run"] === undefined || file.fields("")["isolation"] === "scope") return [];
  return [{ path: ["limits", "run"], message: "needs isolation: scope, which is what enforces it" }];
}
