/** How the daemon behaves as a process: what it says, and what becomes of agents when it ends. */

import { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";

export const daemon = {
  keys: {
    "": keys(
      {
        shutdown: z
          .enum(["detach", "drain", "stop"])
          .default("detach")
          .describe(
            "what becomes of agents when the daemon ends: they go on, are waited for, or are asked to stop",
          ),
        log_level: z.enum(["debug", "info", "warn", "error"]).default("info"),
      },
      ({ shutdown, log_level: logLevel }) => ({ shutdown, logLevel }),
    ),
  },
} satisfies ConfigPart;
