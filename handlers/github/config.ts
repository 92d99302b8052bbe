/** What GitHub brings to the configuration: `sources.github`, and `trust.github` of a project. */

import { z } from "zod";
import { isAppKey } from "../../forges/github/jwt.ts";
import { httpUrl, pollEvery, secret, secrets, text } from "../../system/config/values.ts";
import { type KitConfig, withoutSecret } from "../kit.ts";

/** Of a GitHub App: ids are numbers where people copy them, and a client id is text. */
const id = z.union([text, z.int().positive()]).transform(String);
const app = z.strictObject({
  id: id.describe("the App's id, or its client id"),
  installation: id.optional().describe("where it is installed; without it, found by each repository"),
  private_key: secret.refine(isAppKey, "must be a private key in PEM, as GitHub gave it"),
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
    .describe("a GitHub App, in place of a token of somebody's; git over HTTPS still needs `token`"),
  api_url: httpUrl.prefault("https://api.github.com"),
  account: text.optional().describe("the daemon's own login, whose events are ignored"),
});

export type GithubSettings = z.infer<typeof schema>;

/** Standings that GitHub's payloads name, and that nobody has without the right to write. */
const association = z.enum(["OWNER", "MEMBER", "COLLABORATOR"]);

export const GITHUB_CONFIG: KitConfig<GithubSettings> = {
  schema,
  secrets: ["secret", "token", "app.private_key"],
  rules: ({ secret: given, poll, token, app }) => [
    ...withoutSecret(given, poll),
    ...(poll !== undefined && token === undefined && app === undefined
      ? [{ path: ["token"], message: "is missing: nobody can be asked without one" }]
      : []),
  ],
  project: null,
  clone: ({ token, api_url: api }) => {
    if (token === undefined) return null;
    const { host } = new URL(api);
    return {
      host: host === "api.github.com" ? "github.com" : host,
      username: "x-access-token",
      password: token,
    };
  },
  trust: z
    .array(association)
    .default(["OWNER", "MEMBER", "COLLABORATOR"])
    .describe("associations that need no look-up"),
};
