/** People as GitHub writes them. */

import type { Token } from "../model/nouns.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";

export type Json = Readonly<Record<string, unknown>>;

export function iso(at: number): string {
  return new Date(Math.floor(at / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

/** Ids of GraphQL: the kind and the number. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${id}`;
}

export function userJson(world: World, user: User): Json {
  const url = `${world.url}/users/${encodeURIComponent(user.login)}`;
  return {
    ...{ login: user.login, id: user.id, node_id: nodeId("U", user.id), avatar_url: `${world.url}/_/face` },
    ...{ gravatar_id: "", url, html_url: htmlOf(world.url, user), followers_url: `${url}/followers` },
    ...{ following_url: `${url}/following{/other_user}`, gists_url: `${url}/gists{/gist_id}` },
    ...{ starred_url: `${url}/starred{/owner}{/repo}`, subscriptions_url: `${url}/subscriptions` },
    ...{ organizations_url: `${url}/orgs`, repos_url: `${url}/repos`, events_url: `${url}/events{/privacy}` },
    ...{ received_events_url: `${url}/received_events`, type: user.type, site_admin: false },
  };
}

/** Of `GET /user`. */
export function ownUserJson(world: World, { user }: Token): Json {
  return {
    ...userJson(world, user),
    ...{ name: user.name, company: null, blog: "", location: null, email: null, hireable: null, bio: null },
    ...{ twitter_username: null, public_repos: 0, public_gists: 0, followers: 0, following: 0 },
    ...{ created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" },
  };
}

/** A robot has the page of its App, as brackets stand in no address. */
function htmlOf(url: string, { login, type }: User): string {
  return type === "Bot"
    ? `${url}/apps/${encodeURIComponent(login.replace(/\[bot\]$/, ""))}`
    : `${url}/${login}`;
}
