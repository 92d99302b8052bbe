/** Repositories and labels as GitHub writes them. */

import { fullName, type Label, type Repo, type Role } from "../model/nouns.ts";
import type { World } from "../model/world.ts";
import { iso, type Json, nodeId, userJson } from "./user.ts";

/** The address in the API of what follows. */
export function apiOf(world: World, repo: Repo): string {
  return `${world.url}/repos/${fullName(repo)}`;
}

export function htmlOf(world: World, repo: Repo): string {
  return `${world.url}/${fullName(repo)}`;
}

const LINKS: Readonly<Record<string, string>> = {
  ...{ archive_url: "/{archive_format}{/ref}", assignees_url: "/assignees{/user}" },
  ...{ blobs_url: "/git/blobs{/sha}", branches_url: "/branches{/branch}" },
  ...{ collaborators_url: "/collaborators{/collaborator}", comments_url: "/comments{/number}" },
  ...{ commits_url: "/commits{/sha}", compare_url: "/compare/{base}...{head}" },
  ...{ contents_url: "/contents/{+path}", contributors_url: "/contributors" },
  ...{ deployments_url: "/deployments", downloads_url: "/downloads", events_url: "/events" },
  ...{ forks_url: "/forks", git_commits_url: "/git/commits{/sha}", git_refs_url: "/git/refs{/sha}" },
  ...{ git_tags_url: "/git/tags{/sha}", hooks_url: "/hooks" },
  ...{ issue_comment_url: "/issues/comments{/number}", issue_events_url: "/issues/events{/number}" },
  ...{ issues_url: "/issues{/number}", keys_url: "/keys{/key_id}", labels_url: "/labels{/name}" },
  ...{ languages_url: "/languages", merges_url: "/merges", milestones_url: "/milestones{/number}" },
  ...{ notifications_url: "/notifications{?since,all,participating}", pulls_url: "/pulls{/number}" },
  ...{ releases_url: "/releases{/id}", stargazers_url: "/stargazers", statuses_url: "/statuses/{sha}" },
  ...{ subscribers_url: "/subscribers", subscription_url: "/subscription", tags_url: "/tags" },
  ...{ teams_url: "/teams", trees_url: "/git/trees{/sha}" },
};

export function minimalRepoJson(world: World, repo: Repo): Json {
  const [url, html] = [apiOf(world, repo), htmlOf(world, repo)];
  return {
    ...{ id: repo.id, node_id: nodeId("R", repo.id), name: repo.name, full_name: fullName(repo) },
    ...{ private: repo.isPrivate, owner: userJson(world, repo.owner), html_url: html },
    ...{ description: null, fork: false, url },
    ...Object.fromEntries(Object.entries(LINKS).map(([name, rest]) => [name, url + rest])),
  };
}

/** @param role of whoever asks; `null` in webhooks */
export function repoJson(world: World, repo: Repo, role: Role | null): Json {
  const html = htmlOf(world, repo);
  const open = [...repo.issues.values()].filter(({ isOpen }) => isOpen).length;
  const [mayPush, isAdmin] = [role === "write" || role === "maintain" || role === "admin", role === "admin"];
  return {
    ...minimalRepoJson(world, repo),
    ...{ git_url: `git:${html.slice("http:".length)}.git`, ssh_url: `git@127.0.0.1:${fullName(repo)}.git` },
    ...{ clone_url: `file://${repo.folder}`, svn_url: html, mirror_url: null, homepage: null },
    ...{ created_at: iso(repo.createdAt), updated_at: iso(repo.createdAt), pushed_at: iso(repo.createdAt) },
    ...{ size: 1, stargazers_count: 0, watchers_count: 0, watchers: 0, language: null, license: null },
    ...{ forks_count: 0, forks: 0, open_issues_count: open, open_issues: open, topics: [] },
    ...{ has_issues: repo.hasIssues, has_projects: true, has_downloads: true, has_wiki: true },
    ...{ has_pages: false, has_discussions: false, archived: repo.isArchived, disabled: false },
    ...{ allow_forking: true, is_template: false, web_commit_signoff_required: false },
    ...{ visibility: repo.isPrivate ? "private" : "public", default_branch: repo.defaultBranch },
    ...(role !== null && {
      permissions: {
        ...{ admin: isAdmin, maintain: isAdmin || role === "maintain", push: mayPush },
        ...{ triage: mayPush || role === "triage", pull: role !== "none" },
      },
    }),
    ...(mayPush && {
      ...{ allow_merge_commit: repo.allows.merge, allow_squash_merge: repo.allows.squash },
      ...{ allow_rebase_merge: repo.allows.rebase, allow_auto_merge: false },
      ...{ delete_branch_on_merge: repo.allows.deletesBranch, allow_update_branch: false },
    }),
  };
}

export function labelJson(world: World, repo: Repo, label: Label): Json {
  const { id, name, color, description } = label;
  const url = `${apiOf(world, repo)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("LA", id), url, name, color, default: false, description };
}
