/** What becomes of the work of a project's agents: one word, or a mapping that says more. */

import { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import type { PublishPolicy } from "../../../workflow/project.ts";

const to = z.enum(["none", "branch"]);

const policy = z.strictObject({
  to: to.default("branch").describe("branch: pushed to a branch of its own; none: it stays with the daemon"),
  require_change: z
    .boolean()
    .default(false)
    .describe("an agent that says it is done and has changed nothing has failed"),
});

export const publish = {
  keys: {
    "projects[]": keys(
      { publish: z.union([to, policy]).default("branch") },
      (parsed) => ({ publish: policyOf(parsed.publish) }),
      { before: "serial" },
    ),
  },
} satisfies ConfigPart;

function policyOf(written: z.output<typeof to> | z.output<typeof policy>): PublishPolicy {
  if (typeof written === "string") return { to: written, allowCi: false, requireChange: false };
  return { to: written.to, allowCi: false, requireChange: written.require_change };
}
