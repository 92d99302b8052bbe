/** Plane as a source: its kit. */

import { createPlane, type PlaneClient } from "../../forges/plane/plane.ts";
import type { SourceKit } from "../kit.ts";
import { PLANE_CONFIG, type PlaneSettings } from "./config.ts";
import { decodePlane } from "./events.ts";
import { type Known, type Need, PLANE_FACTS } from "./facts.ts";
import { PLANE_TRUST } from "./trust.ts";
import { planeSource } from "./webhook.ts";
import { PLANE_ISSUES } from "./whole.ts";

export const PLANE: SourceKit<PlaneSettings, PlaneClient, Need, Known> = {
  name: "plane",
  config: PLANE_CONFIG,
  webhooks: ({ secret }) => (secret === undefined ? [] : [planeSource(secret)]),
  decode: (_event, payload, audience) => decodePlane(payload, audience),
  facts: PLANE_FACTS,
  trust: PLANE_TRUST,
  connect: ({ token, workspace, api_url: apiUrl }, net) =>
    token === undefined || workspace === undefined ? null : createPlane({ ...net, apiUrl, token, workspace }),
  tells: ({ tell, ask }) => ({ tracker: tell, forge: null, images: ask.images }),
  watched: {
    placeOf: ({ trackers }) => trackers["plane"] ?? null,
    everyMs: ({ poll }) => poll ?? null,
    ask: ({ spare }) => ({ tracker: spare, forge: null }),
  },
  issues: PLANE_ISSUES,
  ownLogin: {
    configured: ({ account }) => (account === undefined ? null : { login: null, id: account }),
    async lookUp(client) {
      const me = await client.ask.whoami();
      return me.kind === "ok" ? { kind: "ok", value: { login: null, id: me.value.id } } : me;
    },
  },
};
