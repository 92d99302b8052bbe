/** GitHub as a source: its kit. */

import { createGithub, type GithubClient } from "../../forges/github/github.ts";
import type { SourceKit } from "../kit.ts";
import { accountsOf, GITHUB_CONFIG, type GithubSettings } from "./config.ts";
import { decodeGithub } from "./events.ts";
import { GITHUB_FACTS, type Known, type Need } from "./facts.ts";
import { GITHUB_TRUST } from "./trust.ts";
import { githubSource } from "./webhook.ts";
import { GITHUB_ISSUES } from "./whole.ts";

export const GITHUB: SourceKit<GithubSettings, GithubClient, Need, Known> = {
  name: "github",
  config: GITHUB_CONFIG,
  webhooks: ({ secret }) => (secret === undefined ? [] : [githubSource(secret)]),
  decode: decodeGithub,
  facts: GITHUB_FACTS,
  trust: GITHUB_TRUST,
  connect({ app, token, api_url: apiUrl }, net) {
    const login = app !== undefined ? { app } : token !== undefined ? { token } : null;
    return login === null ? null : createGithub({ ...net, apiUrl, login });
  },
  accounts: accountsOf,
  gitToken: (client, repo, refused) => client.gitToken(repo, refused),
  tells: ({ tell, ask }) => ({ tracker: tell, forge: tell, ask, images: ask.images }),
  watched: {
    placeOf: ({ repo }) => repo,
    everyMs: ({ poll }) => poll ?? null,
    ask: ({ spare }) => ({ tracker: spare, forge: spare }),
  },
  issues: GITHUB_ISSUES,
  branchUrl({ api_url: api }, repo, branch) {
    const { origin, host } = new URL(api);
    const web = host === "api.github.com" ? "https://github.com" : origin;
    const parts = [...repo.split("/"), "tree", ...branch.split("/")];
    return `${web}/${parts.map(encodeURIComponent).join("/").replaceAll("(", "%28").replaceAll(")", "%29")}`;
  },
  ownLogin: {
    configured: ({ account }) => (account === undefined ? null : { login: account, id: null }),
    lookUp: (client) => client.ask.whoami(),
  },
};
