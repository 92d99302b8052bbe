/** What Plane brings to the configuration: `sources.plane`, and `plane_project` of a project. */

import { z } from "zod";
import { httpUrl, secret, secrets, text } from "../../system/config/values.ts";
import type { KitConfig } from "../kit.ts";

const schema = z.strictObject({
  secret: secrets,
  token: secret.optional().describe("to look up members and work items; needs `workspace`"),
  api_url: httpUrl.prefault("https://api.plane.so"),
  workspace: text.regex(/^[\w-]+$/, "must be the workspace's slug, as in its address").optional(),
  account: text.optional().describe("id of the daemon's own user, whose events are ignored"),
});

export type PlaneSettings = z.infer<typeof schema>;

export const PLANE_CONFIG: KitConfig<PlaneSettings> = {
  schema,
  secrets: ["secret", "token"],
  rules: ({ token, workspace }) =>
    token === undefined || workspace !== undefined
      ? []
      : [
          {
            path: ["workspace"],
            message: "is missing: Plane's API needs the workspace's slug with the token",
          },
        ],
  project: {
    key: "plane_project",
    schema: text.optional().describe("id of the Plane project that feeds this one"),
  },
  trust: null,
};
