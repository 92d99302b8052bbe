/** Repositories, branches and what these demand, people's permissions, and oneself. */

import { type Answer, type Call, NO_CONTENT, ok, type Route } from "../http/call.ts";
import { callerRole } from "../http/guard.ts";
import { paged } from "../http/pages.ts";
import { permissionJson } from "../json/issue.ts";
import { apiOf, htmlOf, repoJson } from "../json/repo.ts";
import { type Json, ownUserJson, userJson } from "../json/user.ts";
import type { Protection, Repo } from "../model/nouns.ts";
import { roleOf, type World } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";

const REPO = "/repos/:owner/:repo";
const METADATA = { grant: "metadata", level: "read", role: "read" } as const;
const CONTENTS = { grant: "contents", level: "read", role: "read" } as const;
const ADMIN = { grant: "administration", level: "read", role: "admin", isHidden: true } as const;

function rulesJson(repo: Repo, rule: Protection): readonly Json[] {
  const from = {
    ruleset_source_type: "Repository",
    ruleset_source: `${repo.owner.login}/${repo.name}`,
    ruleset_id: 1,
  };
  const checks = {
    required_status_checks: rule.checks.map((context) => ({ context })),
    strict_required_status_checks_policy: false,
  };
  const reviews = {
    ...{ required_approving_review_count: rule.approvals, dismiss_stale_reviews_on_push: false },
    ...{ require_code_owner_review: false, require_last_push_approval: false },
    required_review_thread_resolution: rule.resolvedThreads,
  };
  return [
    ...(rule.checks.length > 0 ? [{ type: "required_status_checks", ...from, parameters: checks }] : []),
    ...(rule.approvals > 0 || rule.resolvedThreads
      ? [{ type: "pull_request", ...from, parameters: reviews }]
      : []),
    ...(rule.isQueued ? [{ type: "merge_queue", ...from }] : []),
  ];
}

async function branchJson(call: Call): Promise<Answer> {
  const { world, repo, params } = call;
  const name = params["branch"] ?? "";
  const sha = repo.refs.get(name);
  if (sha === undefined) throw new Refusal(404, "Branch not found");
  const [commit] = await world.git(repo).commits(sha, 1);
  const rule = repo.protection.get(name);
  const isOld = rule?.kind === "classic";
  const url = `${apiOf(world, repo)}/branches/${encodeURIComponent(name)}`;
  const contexts = isOld ? [...rule.checks] : [];
  return ok({
    name,
    commit: { sha, url: `${apiOf(world, repo)}/commits/${sha}`, commit: { message: commit?.message ?? "" } },
    ...{ _links: { self: url, html: `${htmlOf(world, repo)}/tree/${name}` }, protected: rule !== undefined },
    protection: {
      enabled: isOld,
      required_status_checks: {
        enforcement_level: contexts.length > 0 ? "non_admins" : "off",
        ...{ contexts, checks: contexts.map((context) => ({ context, app_id: null })) },
      },
    },
    protection_url: `${url}/protection`,
  });
}

function protectionJson({ world, repo, params }: Call): Answer {
  const name = params["branch"] ?? "";
  if (!repo.refs.has(name)) throw new Refusal(404, "Branch not found");
  const rule = repo.protection.get(name);
  if (rule?.kind !== "classic") throw new Refusal(404, "Branch not protected");
  const url = `${apiOf(world, repo)}/branches/${encodeURIComponent(name)}/protection`;
  return ok({
    url,
    ...(rule.checks.length > 0 && {
      required_status_checks: {
        ...{ url: `${url}/required_status_checks`, strict: false, contexts: [...rule.checks] },
        ...{ contexts_url: `${url}/required_status_checks/contexts` },
        checks: rule.checks.map((context) => ({ context, app_id: null })),
      },
    }),
    ...(rule.approvals > 0 && {
      required_pull_request_reviews: {
        ...{ url: `${url}/required_pull_request_reviews`, dismiss_stale_reviews: false },
        ...{ require_code_owner_reviews: false, required_approving_review_count: rule.approvals },
      },
    }),
    required_conversation_resolution: { enabled: rule.resolvedThreads },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
  });
}

/** @throws Refusal 422 for one that is not there, or is the default one's */
async function deleteRef({ world, repo, params }: Call): Promise<Answer> {
  const ref = params["ref"] ?? "";
  const branch = ref.startsWith("heads/") ? ref.slice("heads/".length) : null;
  if (branch === null || !repo.refs.has(branch)) throw new Refusal(422, "Reference does not exist");
  if (branch === repo.defaultBranch) throw new Refusal(422, "Cannot delete the default branch");
  if (repo.protection.has(branch)) throw new Refusal(422, "Cannot delete this branch");
  await world.git(repo).forget(branch);
  return NO_CONTENT;
}

function permission(call: Call): Answer {
  const { world, repo, params, caller } = call;
  const user = world.users.get((params["login"] ?? "").toLowerCase()) ?? notFound();
  if (user.type === "Organization") notFound();
  // A person without a role of their own is told of public repositories alone.
  if (caller.token === null || (repo.isPrivate && roleOf(repo, user) === "none")) notFound();
  return ok(permissionJson(world, repo, user));
}

async function refJson({ world, repo, params }: Call): Promise<Answer> {
  const ref = params["ref"] ?? "";
  const sha = ref.startsWith("heads/") ? repo.refs.get(ref.slice("heads/".length)) : undefined;
  if (sha === undefined) notFound();
  const url = `${apiOf(world, repo)}/git`;
  const object = { type: "commit", sha, url: `${url}/commits/${sha}` };
  return ok({ ref: `refs/${ref}`, node_id: `REF_${repo.id}`, url: `${url}/refs/${ref}`, object });
}

export const REPOS: readonly Route[] = [
  {
    ...{ method: "GET", path: REPO, need: METADATA },
    run: ({ world, repo, caller }) => ok(repoJson(world, repo, callerRole(repo, caller))),
  },
  { method: "GET", path: `${REPO}/branches/:branch`, need: CONTENTS, run: branchJson },
  { method: "GET", path: `${REPO}/branches/:branch/protection`, need: ADMIN, run: protectionJson },
  {
    ...{ method: "GET", path: `${REPO}/rules/branches/:branch`, need: METADATA },
    run(call) {
      const rule = call.repo.protection.get(call.params["branch"] ?? "");
      const rules = rule?.kind === "rules" ? rulesJson(call.repo, rule) : [];
      return paged(call, rules, (one) => one);
    },
  },
  { method: "GET", path: `${REPO}/git/ref/*ref`, need: CONTENTS, run: refJson },
  {
    ...{ method: "DELETE", path: `${REPO}/git/refs/*ref` },
    need: { grant: "contents", level: "write", role: "write" },
    run: deleteRef,
  },
  { method: "GET", path: `${REPO}/collaborators/:login/permission`, need: METADATA, run: permission },
];

function ownUser({ world, caller }: Call): Answer {
  const { token } = caller;
  if (token === null) throw new Refusal(401, "Requires authentication");
  if (token.kind === "installation") throw new Refusal(403, "Resource not accessible by integration");
  return ok(ownUserJson(world, token));
}

function user({ world, params }: Call): Answer {
  const one = world.users.get((params["login"] ?? "").toLowerCase()) ?? notFound();
  return ok(publicJson(world, one));
}

function publicJson(world: World, one: Parameters<typeof userJson>[1]): Json {
  return { ...userJson(world, one), name: one.name };
}

export const OTHERS: readonly Route[] = [
  { method: "GET", path: "/user", run: ownUser },
  { method: "GET", path: "/users/:login", run: user },
];
