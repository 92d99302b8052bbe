/** What Plane brings to the configuration: `sources.plane`, and `plane_project` of a project. */

import { z } from "zod";
import { httpUrl, pollEvery, secret, secrets, text } from "../../system/config/values.ts";
import { type KitConfig, withoutSecret } from "../kit.ts";

const schema = z.strictObject({
  secret: secrets.optional(),
  poll: pollEvery
    .optional()
    .describe(
      "how often it is asked what has happened; without it, every 10 minutes, as a net below webhooks",
    ),
  token: secret.optional().describe("to look up members and work items; needs `workspace`"),
  api_url: httpUrl.prefault("https://api.plane.so"),
  workspace: text.regex(/^[\w-]+$/, "must be the workspace's slug, as in its address").optional(),
  account: text.optional().describe("id of the daemon's own user, whose events are ignored"),
});

export type PlaneSettings = z.infer<typeof schema>;

export const PLANE_CONFIG: KitConfig<PlaneSettings> = {
  schema,
  secrets: ["secret", "token"],
  rules: ({ secret: given, poll, token, workspace }) => [
    ...withoutSecret(given, poll),
    ...(poll !== undefined && token === undefined
      ? [{ path: ["token"], message: "is missing: nobody can be asked without one" }]
      : []),
    ...(token !== undefined && workspace === undefined
      ? [
          {
            path: ["workspace"],
            message: "is missing: Plane's API needs the workspace's slug with the token",
          },
        ]
      : []),
  ],
  project: {
    key: "plane_project",
    schema: text.optional().describe("id of the Plane project that feeds this one"),
  },
  trust: null,
};
