/** Where the daemon keeps what it knows. Both are opened once, at the start. */

import { resolve } from "node:path";
import { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { text } from "../../../system/config/values.ts";

export const storage = {
  keys: {
    "": keys(
      {
        data_dir: text.describe("database, runs, worktrees and the admin token live here"),
        database: z.literal("sqlite").default("sqlite"),
      },
      ({ data_dir: dataDir, database }, { folder }) => ({
        /** Absolute, without a slash at its end. */
        dataDir: resolve(folder, dataDir),
        database,
      }),
      { restart: { data_dir: "dataDir", database: "database" } },
    ),
  },
} satisfies ConfigPart;
