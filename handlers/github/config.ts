/** What GitHub brings to the configuration: `sources.github`, and `trust.github` of a project. */

import { z } from "zod";
import { isAppKey } from "../../forges/github/jwt.ts";
import { fieldsOf } from "../../system/config/tree.ts";
import { entryName, httpUrl, pollEvery, secret, secrets, text } from "../../system/config/values.ts";
import { type Fields, type KitConfig, type KitFault, withoutSecret } from "../kit.ts";

/** Of a GitHub App: ids are numbers where people copy them, and a client id is text. */
const id = z.union([text, z.int().positive()]).transform(String);
const app = z.strictObject({
  id: id.describe("the App's id, or its client id"),
  installation: id.optional().describe("where it is installed; without it, found by each repository"),
  private_key: secret.refine(isAppKey, "must be a private key in PEM, as GitHub gave it"),
});

/** Another account, by which agents speak there that name it. */
const other = z.strictObject({
  token: secret.optional().describe("of that account"),
  app: app.optional().describe("a GitHub App, in place of a token"),
  account: text.optional().describe("its login, whose events are ignored; without it, GitHub is asked"),
});

const schema = z.strictObject({
  secret: secrets.optional(),
  poll: pollEvery
    .optional()
    .describe(
      "how often it is asked what has happened; without it, every 10 minutes, as a net below webhooks",
    ),
  token: secret
    .optional()
    .describe(
      "to ask for permissions of actors (without it unknown ones are untrusted), and for git over HTTPS",
    ),
  app: app
    .optional()
    .describe(
      "a GitHub App, in place of a token of somebody's; `token` beside it is for git over HTTPS alone",
    ),
  api_url: httpUrl.prefault("https://api.github.com"),
  account: text.optional().describe("the daemon's own login, whose events are ignored"),
  accounts: z
    .record(entryName, other)
    .optional()
    .describe("further accounts, by names that agents give as forge_account"),
});

export type GithubSettings = z.infer<typeof schema>;

/** The source as each of its further accounts sees it. */
export function accountsOf(settings: GithubSettings): ReadonlyMap<string, GithubSettings> {
  const { accounts = {}, token: _, app: __, account: ___, ...shared } = settings;
  return new Map(Object.entries(accounts).map(([name, own]) => [name, { ...shared, ...own }]));
}

function withoutLogin(accounts: unknown): readonly KitFault[] {
  return Object.entries(fieldsOf(accounts)).flatMap(([name, account]): readonly KitFault[] => {
    const { token, app } = fieldsOf(account);
    const path = ["accounts", name];
    if (token === undefined && app === undefined)
      return [{ path, message: "needs a token, or an app, by which it speaks" }];
    return token !== undefined && app !== undefined
      ? [{ path: [...path, "token"], message: "stands beside an app: an account is one of the two" }]
      : [];
  });
}

/** Standings that GitHub's payloads name, and that nobody has without the right to write. */
const association = z.enum(["OWNER", "MEMBER", "COLLABORATOR"]);

export const GITHUB_CONFIG: KitConfig<GithubSettings> = {
  schema,
  secrets: ["secret", "token", "app.private_key", "accounts.*.token", "accounts.*.app.private_key"],
  rules: ({ secret: given, poll, token, app, accounts }: Fields) => [
    ...withoutSecret(given, poll),
    ...(poll !== undefined && token === undefined && app === undefined
      ? [{ path: ["token"], message: "is missing: nobody can be asked without one" }]
      : []),
    ...withoutLogin(accounts),
  ],
  project: null,
  clone: ({ token, app, api_url: api }) => {
    if (token === undefined && app === undefined) return null;
    const { host } = new URL(api);
    return {
      host: host === "api.github.com" ? "github.com" : host,
      username: "x-access-token",
      password: token ?? null,
    };
  },
  trust: z
    .array(association)
    .default(["OWNER", "MEMBER", "COLLABORATOR"])
    .describe("associations that need no look-up"),
};
