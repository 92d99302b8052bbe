/** What stands around each agent, what it sees through the walls, and the limits around either. */

import { resolve } from "node:path";
import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { size, text } from "../../../system/config/values.ts";
import type { ScopeLimits } from "../../../system/process/scopes.ts";
import type { Mount } from "../../../workflow/project.ts";

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

const mounts = z
  .array(
    z.strictObject({
      path: text.describe("a folder or file of this machine, seen inside by the same path"),
      mode: z.enum(["ro", "rw"]).default("ro"),
    }),
  )
  .default([])
  .describe("what agents see through the walls besides programs, the task's folder and the account's home");

export const isolation = {
  keys: {
    "": keys(
      {
        isolation: z
          .enum(["auto", "sandbox", "none", "scope"])
          .default("auto")
          .describe(
            "the walls around each agent: a sandbox where this machine has one, always a sandbox, or none; `scope` is the old word for none",
          ),
      },
      (parsed) => parsed,
      { restart: { isolation: "isolation" } },
    ),
    limits: keys(
      { run: runLimits.optional().describe("of each run, in a scope of systemd's") },
      (parsed) => ({
        /** Of each run. */
        run: limitsOf(parsed.run ?? {}),
      }),
    ),
    "agents.*": keys(
      {
        network: z
          .enum(["open", "none"])
          .default("open")
          .describe("what agents of this profile reach: the host's network, or none at all"),
        mounts,
      },
      ({ network, mounts: wanted }, { folder }) => ({ network, mounts: mountsOf(wanted, folder) }),
    ),
    "projects[]": keys({ mounts }, ({ mounts: wanted }, { folder }) => ({
      mounts: mountsOf(wanted, folder),
    })),
  },
  rules: [checkWalled],
} satisfies ConfigPart;

function limitsOf({ memory, tasks, cpus }: z.output<typeof runLimits>): ScopeLimits {
  return { memory: memory ?? null, tasks: tasks ?? null, cpus: cpus ?? null };
}

function mountsOf(wanted: z.output<typeof mounts>, folder: string): readonly Mount[] {
  return wanted.map(({ path, mode }) => ({ path: resolve(folder, path), mode }));
}

/** A closed network that nobody closes is worse than an open one. */
function checkWalled(file: ConfigTree): readonly Fault[] {
  const { isolation: walls } = file.fields("");
  if (walls !== "none" && walls !== "scope") return [];
  const closed = file.at("agents.*").filter(({ fields }) => fields["network"] === "none");
  const message = `needs a sandbox, which isolation: ${walls} does without`;
  return closed.map(({ path }) => ({ path: [...path, "network"], message }));
}
