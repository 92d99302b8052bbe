/** GitHub's API: all that is told and asked there, behind one object. A file beside this one for each kind of thing. */

import type { Clock } from "../../system/clock.ts";
import type { Http } from "../../system/http.ts";
import type { Answer } from "../api/answer.ts";
import type { Access } from "../api/call.ts";
import { createCaller } from "../api/caller.ts";
import type { ForgeAsk } from "../ask.ts";
import type { ForgeClient } from "../client.ts";
import type { Forge } from "../tell.ts";
import { appAccess, type GithubLogin, tokenAccess } from "./access.ts";
import { at, type GithubApi, ownOf } from "./api.ts";
import { askChecks, tellChecks } from "./checks.ts";
import { askComments, tellComments } from "./comments.ts";
import { askFailures } from "./failures.ts";
import { askHistory } from "./history.ts";
import { askHooks } from "./hooks.ts";
import { askImages } from "./images.ts";
import { askItems, tellItems } from "./items.ts";
import { tellMerging } from "./merging.ts";
import { askPeople } from "./people.ts";
import { askPulls, tellPulls } from "./pulls.ts";
import { askReviews, tellReviews } from "./reviews.ts";
import { askRules } from "./rules.ts";

export interface GithubClient extends ForgeClient {
  /** What git says over HTTPS, as the password of `x-access-token`. @param refused one that was not taken */
  gitToken(repo: string, refused: string | null): Promise<Answer<string>>;
}

export interface GithubOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Such as `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly login: GithubLogin;
  /** Told of each token that an App is given. */
  readonly secret?: ((secret: string) => void) | undefined;
}

/** Of a version that is stated, because newer ones have fewer fields. */
const HEADERS = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
const ENTERPRISE = /\/api\/v3$/;

/** @throws Error where the App's key is none; the message does not show it */
export function createGithub({ http, clock, apiUrl, login, secret }: GithubOptions): GithubClient {
  const base = apiUrl.replace(/\/+$/, "");
  const isApp = "app" in login;
  const access: Access = isApp ? appAccess(login.app, clock, () => caller, secret) : tokenAccess(login.token);
  const caller = createCaller({
    http,
    clock,
    name: "GitHub",
    base,
    ...(ENTERPRISE.test(base) && { graphql: base.replace(ENTERPRISE, "/api/graphql") }),
    headers: HEADERS,
    access,
    limits: { limit: 5_000, isSliding: false },
    // 80 a minute are allowed, and one a second is advised.
    apartMs: 1_000,
  });
  const api: GithubApi = { caller, http, clock, isApp, own: ownOf(caller, clock, isApp) };
  return {
    tell: told(api),
    ask: asked(api),
    spare: asked({ ...api, caller: caller.spare }),
    async gitToken(repo, refused): Promise<Answer<string>> {
      const login = await access({ method: "GET", path: at(repo) }, refused ?? undefined);
      return login.kind === "ok" ? { kind: "ok", value: login.value.secret } : login;
    },
  };
}

function told(api: GithubApi): Forge {
  return {
    source: "github",
    host: api.caller.host,
    ...tellComments(api),
    ...tellItems(api),
    ...tellChecks(api),
    ...tellPulls(api),
    ...tellMerging(api),
    ...tellReviews(api),
  };
}

function asked(api: GithubApi): ForgeAsk {
  return {
    source: "github",
    host: api.caller.host,
    ...askPeople(api),
    ...askItems(api),
    ...askHistory(api),
    ...askComments(api),
    ...askRules(api),
    ...askChecks(api),
    ...askFailures(api),
    ...askPulls(api),
    ...askReviews(api),
    ...askHooks(api),
    images: askImages(api),
  };
}
