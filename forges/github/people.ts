/** Who somebody is at GitHub, and what they may do. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { clockOf } from "../api/budget.ts";
import { remembering } from "../api/memory.ts";
import { askOrNull, map } from "../api/read.ts";
import type { ForgeAsk, OwnAccount } from "../ask.ts";
import { at, type GithubApi } from "./api.ts";

type Permission = "admin" | "write" | "read" | "none";

/**
 * On a public repository everybody may read, so only `write` and `admin` mean anything; `permission` shows *maintain*
 * as write and *triage* as read (docs.github.com, "Get repository permissions for a user").
 */
const Permitted = z.object({ permission: z.enum(["admin", "write", "read", "none"]) });

export function askPeople(api: GithubApi): Pick<ForgeAsk, "permission" | "whoami"> {
  const remember = remembering<Permission>(api.clock);
  return {
    permission: (repo, login) =>
      remember(`${repo} ${login}`, async () => {
        const path = at(repo, "collaborators", login, "permission");
        const found = await askOrNull(api.caller, { method: "GET", path }, Permitted);
        return map(found, (it) => it?.permission ?? "none");
      }),
    async whoami(): Promise<Answer<OwnAccount>> {
      const own = await api.own();
      if (own.kind !== "ok") return own;
      // Costs nothing of the limit, and says the same about the token as every other answer.
      const limits = await api.caller.call({ method: "GET", path: "/rate_limit", also: [404] });
      const headers = limits.kind === "ok" ? limits.value.headers : {};
      const expires = headers["github-authentication-token-expiration"];
      return {
        kind: "ok",
        value: {
          ...own.value,
          scopes: headers["x-oauth-scopes"]?.split(/[,\s]+/).filter((scope) => scope !== "") ?? null,
          expiresAt: expires === undefined ? null : timeOf(expires),
          clock: clockOf(headers),
        },
      };
    },
  };
}

/** Such as `2026-12-31 23:59:59 UTC`. */
function timeOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : null;
}
