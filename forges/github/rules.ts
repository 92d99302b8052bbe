/** What a repository is, and what its branches demand. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask, askOrNull, map } from "../api/read.ts";
import type { BranchRules, ForgeAsk } from "../ask.ts";
import type { MergeMethod } from "../tell.ts";
import { at, type GithubApi, list } from "./api.ts";

const Repository = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().nullish(),
  permissions: z.object({ push: z.boolean().nullish() }).nullish(),
  allow_merge_commit: z.boolean().nullish(),
  allow_squash_merge: z.boolean().nullish(),
  allow_rebase_merge: z.boolean().nullish(),
});

const Checks = z.object({ contexts: z.array(z.string()).nullish() }).nullish();
const Branch = z.object({
  protected: z.boolean().nullish(),
  protection: z.object({ required_status_checks: Checks }).nullish(),
});
const Protection = z.object({
  required_status_checks: Checks,
  required_pull_request_reviews: z
    .object({ required_approving_review_count: z.number().nullish() })
    .nullish(),
  required_conversation_resolution: z.object({ enabled: z.boolean().nullish() }).nullish(),
});
const Rule = z.object({
  type: z.string(),
  parameters: z
    .object({
      required_approving_review_count: z.number().nullish(),
      required_review_thread_resolution: z.boolean().nullish(),
      required_status_checks: z.array(z.object({ context: z.string() })).nullish(),
      allowed_merge_methods: z.array(z.string()).nullish(),
    })
    .nullish(),
});
type Rule = z.infer<typeof Rule>;

export function askRules(api: GithubApi): Pick<ForgeAsk, "repository" | "rules"> {
  const { caller } = api;
  const repositoryAt = (repo: string): Promise<Answer<z.infer<typeof Repository>>> =>
    ask(caller, { method: "GET", path: at(repo) }, Repository);
  return {
    async repository(repo): ReturnType<ForgeAsk["repository"]> {
      return map(await repositoryAt(repo), (it) => ({
        fullName: it.full_name,
        defaultBranch: it.default_branch,
        isArchived: it.archived === true,
        canPush: it.permissions?.push ?? null,
      }));
    },
    /** Branches are protected in two ways, and each says nothing of the other. */
    async rules(repo, branch): Promise<Answer<BranchRules>> {
      const repository = await repositoryAt(repo);
      if (repository.kind !== "ok") return repository;
      const it = await askOrNull(caller, { method: "GET", path: at(repo, "branches", branch) }, Branch);
      if (it.kind !== "ok") return it;
      const rules = await list(
        caller,
        { method: "GET", path: at(repo, "rules", "branches", branch) },
        Rule,
        3,
      );
      const ruled = unlessHidden(rules, { items: [], more: false });
      if (ruled.kind !== "ok") return ruled;
      const path = at(repo, "branches", branch, "protection");
      const asked =
        it.value?.protected === true
          ? unlessHidden(await askOrNull(caller, { method: "GET", path }, Protection), null)
          : ({ kind: "ok", value: null } as const);
      if (asked.kind !== "ok") return asked;
      return { kind: "ok", value: rulesOf(repository.value, it.value, ruled.value.items, asked.value) };
    },
  };
}

/** What the token may not see counts as not told. */
function unlessHidden<T>(answer: Answer<T>, hidden: T): Answer<T> {
  const isHidden =
    answer.kind === "refused" && (answer.because === "permission" || answer.because === "missing");
  return isHidden ? { kind: "ok", value: hidden } : answer;
}

function rulesOf(
  repository: z.infer<typeof Repository>,
  branch: z.infer<typeof Branch> | null,
  rules: readonly Rule[],
  protection: z.infer<typeof Protection> | null,
): BranchRules {
  const parameters = rules.map((rule) => rule.parameters ?? {});
  const checks = [
    ...(branch?.protection?.required_status_checks?.contexts ?? []),
    ...(protection?.required_status_checks?.contexts ?? []),
    ...parameters.flatMap((it) => it.required_status_checks ?? []).map(({ context }) => context),
  ];
  const approvals = [
    protection?.required_pull_request_reviews?.required_approving_review_count,
    ...parameters.map((it) => it.required_approving_review_count),
  ];
  const ruled = rules.some(({ type }) => type !== "creation");
  return {
    exists: branch !== null,
    isProtected: branch?.protected === true || ruled,
    checks: [...new Set(checks)],
    approvals: Math.max(0, ...approvals.map((count) => count ?? 0)),
    resolvedThreads:
      protection?.required_conversation_resolution?.enabled === true ||
      parameters.some((it) => it.required_review_thread_resolution === true),
    isQueued: rules.some(({ type }) => type === "merge_queue"),
    methods: methodsOf(repository, rules),
  };
}

/** Those that the repository allows, and every rule of the branch, too. */
function methodsOf(repository: z.infer<typeof Repository>, rules: readonly Rule[]): readonly MergeMethod[] {
  const allowed: readonly (readonly [MergeMethod, boolean | null | undefined])[] = [
    ["merge", repository.allow_merge_commit],
    ["squash", repository.allow_squash_merge],
    ["rebase", repository.allow_rebase_merge],
  ];
  const isLinear = rules.some(({ type }) => type === "required_linear_history");
  return allowed
    .filter(([method, isAllowed]) => isAllowed === true && !(isLinear && method === "merge"))
    .map(([method]) => method)
    .filter((method) =>
      rules.every(({ parameters }) => parameters?.allowed_merge_methods?.includes(method) ?? true),
    );
}
