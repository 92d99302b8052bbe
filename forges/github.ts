/**
 * GitHub's REST API, as far as trust needs it: what a person may do in a repository, and who we are.
 *
 * On a public repository everybody may read, so only `write` and `admin` mean anything; `permission` shows *maintain*
 * as write and *triage* as read (docs.github.com, "Get repository permissions for a user").
 */

import { z } from "zod";
import type { Clock } from "../system/clock.ts";
import type { Http } from "../system/http.ts";
import { createAsker, type Lookup, remembering } from "./lookup.ts";

export type GithubPermission = "admin" | "write" | "read" | "none";

export interface Github {
  /** What `login` may do in `repo` (`owner/name`); a stranger, and nobody at all, may do `none`. */
  permission(repo: string, login: string): Promise<Lookup<GithubPermission>>;
  /** Whom the token acts as. */
  whoami(): Promise<Lookup<{ readonly login: string; readonly id: string }>>;
}

export interface GithubOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Such as `https://api.github.com`. */
  readonly apiUrl: string;
  readonly token: string;
}

const Permission = z.object({ permission: z.enum(["admin", "write", "read", "none"]) });
const User = z
  .object({ login: z.string(), id: z.number() })
  .transform(({ login, id }) => ({ login, id: String(id) }));

export function createGithub({ http, clock, apiUrl, token }: GithubOptions): Github {
  const base = apiUrl.replace(/\/+$/, "");
  const asker = createAsker("GitHub", http, clock, {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": "2022-11-28",
  });
  const remember = remembering<GithubPermission>(clock);
  return {
    permission: (repo, login) =>
      remember(`${repo} ${login}`, async () => {
        const path = repo.split("/").map(encodeURIComponent).join("/");
        const url = `${base}/repos/${path}/collaborators/${encodeURIComponent(login)}/permission`;
        const answer = await asker.get<{ permission: GithubPermission }>(url, Permission, {
          permission: "none",
        });
        return answer.kind === "ok" ? { kind: "ok", value: answer.value.permission } : answer;
      }),
    whoami: () => asker.get(`${base}/user`, User),
  };
}
