/** How much may work at once: agents of the daemon and of a project, and memory that must be left on the host. */

import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { concurrency, size } from "../../../system/config/values.ts";

export const limits = {
  opens: { limits: (mapping) => mapping.prefault({}) },
  keys: {
    limits: keys(
      {
        concurrency: concurrency.default(3).describe("how many agents may work at once"),
        memory_floor: size
          .optional()
          .describe("no agent is started while the host has less memory available"),
      },
      (parsed) => ({
        /** Agents working at once, over all projects. */
        concurrency: parsed.concurrency,
        /** Bytes that must be available on the host before an agent is started; 0 for no floor. */
        memoryFloor: parsed.memory_floor ?? 0,
      }),
    ),
    "projects[]": keys(
      {
        concurrency: concurrency
          .optional()
          .describe("how many agents may work on it at once; default: limits.concurrency"),
      },
      (parsed, around) => ({ concurrency: parsed.concurrency ?? around.concurrency }),
      { before: "budget" },
    ),
  },
} satisfies ConfigPart;
