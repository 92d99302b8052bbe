/** What Plane brings to the configuration: `sources.plane`, and `plane_project` of a project. */

import { z } from "zod";
import type { KitConfig } from "../kit.ts";
import { SECRET, SECRETS, TEXT, WEB_ADDRESS } from "../source-keys.ts";

const schema = z.strictObject({
  secret: SECRETS,
  token: SECRET.optional().describe("to look up members and work items; needs `workspace`"),
  api_url: WEB_ADDRESS.prefault("https://api.plane.so"),
  workspace: TEXT.regex(/^[\w-]+$/, "must be the workspace's slug, as in its address").optional(),
  account: TEXT.optional().describe("id of the daemon's own user, whose events are ignored"),
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
    schema: TEXT.optional().describe("id of the Plane project that feeds this one"),
  },
  trust: null,
};
