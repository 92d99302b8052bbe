/** Apps and their tokens, and what is left of the limits. */

import { z } from "zod";
import { type Answer, bodyOf, type Call, numberOf, ok, type Route } from "../http/call.ts";
import { iso, type Json } from "../json/user.ts";
import { fullName, type Token } from "../model/nouns.ts";
import type { App } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";

const HOUR_MS = 3_600_000;
const TOKENS_MAX = 1_000;
const NARROWED = z.object({
  repositories: z.array(z.string()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])).optional(),
});

/** @throws Refusal 401 for whoever does not sign as the App */
function appOf({ world, caller }: Call): App {
  if (!caller.isApp || world.app === null) throw new Refusal(401, "A JSON web token could not be decoded");
  return world.app;
}

function installationJson({ world }: Call, app: App, id: number): Json {
  return {
    ...{ id, app_id: app.id, app_slug: app.slug, permissions: app.grants, events: [] },
    ...{ target_type: "Organization", repository_selection: "selected" },
    access_tokens_url: `${world.url}/app/installations/${id}/access_tokens`,
  };
}

function createToken(call: Call): Answer {
  const { world } = call;
  const app = appOf(call);
  const id = numberOf(call, "installation");
  const all = app.installations.get(id);
  if (all === undefined) return notFound();
  const { repositories, permissions: grants = app.grants } = bodyOf(call, NARROWED, "Token");
  for (const [name, level] of Object.entries(grants))
    if (app.grants[name] !== "write" && app.grants[name] !== level)
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
  const asked =
    repositories === undefined
      ? all
      : [...world.repos.values()].filter(({ name }) => repositories.includes(name)).map(fullName);
  const expiresAt = world.now() + HOUR_MS;
  const token: Token = {
    ...{ token: `ghs_${world.guid().replaceAll("-", "")}`, user: world.user(`${app.slug}[bot]`, "Bot") },
    ...{ kind: "installation", scopes: [], grants, repos: asked, expiresAt },
  };
  world.tokens.set(token.token, token);
  for (const [key, { expiresAt: end }] of world.tokens)
    if (world.tokens.size > TOKENS_MAX && end !== null && end < world.now()) world.tokens.delete(key);
  return ok(
    { token: token.token, expires_at: iso(expiresAt), permissions: grants, repository_selection: "selected" },
    201,
  );
}

const APP_ROUTES: readonly Route[] = [
  {
    ...{ method: "GET", path: "/app" },
    run(call) {
      const { id, slug, grants } = appOf(call);
      return ok({ id, slug, name: slug, permissions: grants, events: [] });
    },
  },
  {
    ...{ method: "GET", path: "/app/installations" },
    run(call) {
      const app = appOf(call);
      return ok([...app.installations.keys()].map((id) => installationJson(call, app, id)));
    },
  },
  {
    ...{ method: "GET", path: "/repos/:owner/:repo/installation" },
    run(call) {
      const app = appOf(call);
      const name = fullName(call.repo);
      for (const [id, repos] of app.installations)
        if (repos === null || repos.includes(name)) return ok(installationJson(call, app, id));
      return notFound();
    },
  },
  { method: "POST", path: "/app/installations/:installation/access_tokens", run: createToken },
];

export const APPS: readonly Route[] = APP_ROUTES.map((route) => ({ ...route, isForApp: true }));
