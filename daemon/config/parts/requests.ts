/** What the listeners grant to requests before it is known whose they are. */

import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { size, text } from "../../../system/config/values.ts";
import { BODIES_BYTES_MAX, CONNECTIONS_MAX } from "../../../workflow/limits.ts";

/** A name, and nothing that only looks like one: no scheme, no port, no path. */
const hostName = text.regex(
  /^(?!-)[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*$/,
  "must be the name of a host, without scheme and port",
);

export const requests = {
  keys: {
    server: keys(
      {
        body_memory: size
          .optional()
          .describe("what bodies of webhooks may take together while their signatures are unknown"),
        connections: z
          .int()
          .min(16)
          .max(65_536)
          .default(CONNECTIONS_MAX)
          .describe("of the webhook listener at once; the one that is silent for longest makes room"),
        admin_names: z
          .array(hostName)
          .default([])
          .describe("host names besides localhost by which the admin listener is asked"),
      },
      ({ body_memory: bodyMemory, connections, admin_names: adminNames }) => ({
        /** Bytes. */
        bodyMemory: bodyMemory ?? BODIES_BYTES_MAX,
        connections,
        /** In small letters. */
        adminNames: adminNames.map((name) => name.toLowerCase()),
      }),
      { restart: { connections: "connections" } },
    ),
  },
  rules: [checkMemory],
} satisfies ConfigPart;

/** A body that can never be read would be a delivery that is lost. */
function checkMemory(file: ConfigTree): readonly Fault[] {
  const { body_memory: memory, body_limit: limit = "25MiB" } = file.fields("server");
  const [bytes, least] = [size.safeParse(memory), size.safeParse(limit)];
  if (!bytes.success || !least.success || bytes.data >= least.data) return [];
  return [
    { path: ["server", "body_memory"], message: "is less than body_limit, so that a body may not fit" },
  ];
}
