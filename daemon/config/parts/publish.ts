/** What becomes of the work of a project's agents: one word, or a mapping that says more. */

import { z } from "zod";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import type { PublishPolicy } from "../../../workflow/project.ts";

const to = z.enum(["none", "branch"]);

const policy = z.strictObject({
  to: to.default("branch").describe("branch: pushed to a branch of its own; none: it stays with the daemon"),
  allow_ci: z
    .boolean()
    .default(false)
    .describe("pushes that change what CI or this daemon runs need no person's yes"),
  require_change: z
    .boolean()
    .default(false)
    .describe("an agent that says it is done and has changed nothing has failed"),
  merge: z
    .boolean()
    .default(false)
    .describe(
      "phases of the workflow are played that merge into the base branch, and those that build on it",
    ),
});

export const publish = {
  keys: {
    "projects[]": keys(
      { publish: z.union([to, policy]).default("branch") },
      (parsed) => ({ publish: policyOf(parsed.publish) }),
      { before: "serial" },
    ),
  },
  rules: [checkAllowed],
} satisfies ConfigPart;

function policyOf(written: z.output<typeof to> | z.output<typeof policy>): PublishPolicy {
  if (typeof written === "string") return { to: written, allowCi: false, requireChange: false, merge: false };
  const { to, allow_ci: allowCi, require_change: requireChange, merge } = written;
  return { to, allowCi, requireChange, merge };
}

const PUSHES = {
  allow_ci: "allows pushes, and `to: none` pushes nothing; write to: branch",
  merge: "merges what was pushed, and `to: none` pushes nothing; write to: branch",
};

/** A permission for pushes where nothing is pushed is a mistake in one of the two. */
function checkAllowed(file: ConfigTree): readonly Fault[] {
  return file.at("projects[].publish").flatMap(({ path, fields }): Fault[] => {
    if (fields["to"] !== "none") return [];
    return Object.entries(PUSHES).flatMap(([key, message]) =>
      fields[key] === true ? [{ path: [...path, key], message }] : [],
    );
  });
}
