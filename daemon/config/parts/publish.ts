/** What becomes of the work of a project's agents: one word, or a mapping that says more. */

import { z } from "zod";
import { KITS } from "../../../handlers/sources.ts";
import { type ConfigPart, type ConfigTree, type Fault, keys } from "../../../system/config/part.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import type { PublishPolicy } from "../../../workflow/project.ts";

const to = z.enum(["none", "branch", "pull_request"]);

const policy = z.strictObject({
  to: to
    .default("branch")
    .describe(
      "branch: pushed to a branch of its own; pull_request: and opened as a pull request; none: it stays with the daemon",
    ),
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
  draft: z
    .boolean()
    .optional()
    .describe("with pull_request: a draft until the gates of its task have opened; true by default"),
  closes: z
    .boolean()
    .optional()
    .describe("with pull_request: merging it closes the issue that its task stands for; false by default"),
  method: z
    .enum(["merge", "squash", "rebase"])
    .optional()
    .describe("with pull_request: how it is merged, where the project merges; merge by default"),
  delete_branch: z
    .boolean()
    .optional()
    .describe("with pull_request: its branch goes when it is merged; true by default"),
});

export const publish = {
  keys: {
    "projects[]": keys(
      { publish: z.union([to, policy]).default("branch") },
      (parsed) => ({ publish: policyOf(parsed.publish) }),
      { before: "serial" },
    ),
  },
  rules: [checkAllowed, checkPulls],
} satisfies ConfigPart;

function policyOf(written: z.output<typeof to> | z.output<typeof policy>): PublishPolicy {
  if (typeof written === "string") return policyOf(policy.parse({ to: written }));
  const { to, allow_ci: allowCi, require_change: requireChange, merge } = written;
  const { draft = true, closes = false, method = "merge", delete_branch: deleteBranch = true } = written;
  const pull = to === "pull_request" ? { pull: { draft, closes, method, deleteBranch } } : {};
  return { to, allowCi, requireChange, merge, ...pull };
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

const OF_PULLS = ["draft", "closes", "method", "delete_branch"];

/** A pull request is opened by the API of a forge, which has to be known, and to know us. */
function checkPulls(file: ConfigTree): readonly Fault[] {
  const sources = file.fields("sources");
  const forges = KITS.filter(({ config }) => config.clone !== undefined).map(({ name }) => name);
  const known = forges.filter((name) => sources[name] !== undefined);
  const open = known.filter((name) =>
    KEYS_OF_ACCESS.some((key) => fieldsOf(sources[name])[key] !== undefined),
  );
  return file.at("projects[]").flatMap(({ path, fields: project }): readonly Fault[] => {
    const { publish } = project;
    const fields = fieldsOf(publish);
    const isPull = publish === "pull_request" || fields["to"] === "pull_request";
    const at = [...path, "publish", ...(typeof publish === "string" ? [] : ["to"])];
    if (!isPull)
      return OF_PULLS.filter((key) => fields[key] !== undefined).map((key) => {
        return { path: [...path, "publish", key], message: "is of pull requests; write to: pull_request" };
      });
    return [
      ...(project["repo"] === undefined ? [{ path: at, message: "needs repo, such as acme/shop" }] : []),
      ...(known.length === 0
        ? [{ path: at, message: `needs a forge: sources.${forges.join(" or sources.")} is missing` }]
        : open.length === 0
          ? [{ path: at, message: `needs to write there: sources.${known[0]} has no token` }]
          : []),
    ];
  });
}

/** By one of these a source may be written to. */
const KEYS_OF_ACCESS = ["token", "app"];
