/** What is done in a task's folder before its agent starts, and what of it outlives the task. */

import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { duration, size } from "../../../system/config/values.ts";
import { SETUP_MS } from "../../../workflow/limits.ts";
import type { Setup } from "../../../workflow/project.ts";

const HOUR_MS = 3_600_000;
const GIB = 1_073_741_824;

/** It becomes a name on disk and a pattern of git, so that it holds nothing that either reads as something else. */
const cachePath = z
  .string()
  .max(200)
  .regex(
    /^(?!\/)(?!.*\/\/)(?!.*(^|\/)(\.{1,2}|\.git|\.chargehand)(\/|$))[\w.@+/-]+$/i,
    "must be a path inside the working copy, such as node_modules: relative, of letters, digits and . _ - @ +, without `..`, .git and .chargehand",
  );

const setupKeys = z.strictObject({
  run: z
    .array(z.string().regex(/^[^\0]*\S[^\0]*$/, "must be a command of a shell"))
    .min(1)
    .max(50)
    .describe("commands of a shell, one after the other; the first that fails ends the run"),
  cache: z
    .array(cachePath)
    .max(20)
    .default([])
    .describe("paths of the working copy that each task is given as the last one's set-up left them"),
  timeout: duration
    .refine((span) => span >= 1_000 && span <= 2 * HOUR_MS, "must be 1s to 2h")
    .default(SETUP_MS)
    .describe("of all commands together"),
  cache_limit: size.default(5 * GIB).describe("of all caches together; what is larger is not given on"),
});

export const setup = {
  keys: {
    "projects[]": keys(
      {
        setup: setupKeys
          .optional()
          .describe("what is done in a task's folder before its agent starts, inside the same walls"),
        data_limit: size
          .default(GIB)
          .describe("of the folder that agents of a project keep from task to task (CHARGEHAND_DATA)"),
      },
      (parsed) => ({ setup: setupOf(parsed.setup), dataBytesMax: parsed.data_limit }),
      { before: "serial" },
    ),
  },
  rules: [checkApart],
} satisfies ConfigPart;

function setupOf(written: z.output<typeof setupKeys> | undefined): Setup | null {
  if (written === undefined) return null;
  const { run, cache, timeout, cache_limit } = written;
  return { run, cache: cache.map(plain), timeoutMs: timeout, cacheBytesMax: cache_limit };
}

/** Without a slash at the end. */
function plain(path: string): string {
  return path.replace(/\/+$/, "");
}

/** One cache within another would be copied twice, and the second copy would meet the first. */
function checkApart(file: ConfigTree): readonly Fault[] {
  return file.at("projects[].setup").flatMap(({ path, fields: { cache } }): readonly Fault[] => {
    const paths = Array.isArray(cache) ? cache.map((one: unknown) => plain(String(one))) : [];
    return paths.flatMap((one, index): Fault[] => {
      const first = paths.findIndex((other, at) => at !== index && `${one}/`.startsWith(`${other}/`));
      if (first < 0 || (paths[first] === one && first > index)) return [];
      return [
        {
          path: [...path, "cache", index],
          message: `lies within "${paths[first]}", which is a cache already`,
        },
      ];
    });
  });
}
