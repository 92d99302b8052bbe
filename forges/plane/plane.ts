/** Plane's REST API v1: all that is told and asked there. A file beside this one for each kind of thing. */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Http } from "../../system/http.ts";
import type { Answer } from "../api/answer.ts";
import { clockOf } from "../api/budget.ts";
import type { Caller } from "../api/call.ts";
import { createCaller } from "../api/caller.ts";
import { remembering } from "../api/memory.ts";
import { ask, map, read } from "../api/read.ts";
import type { OwnAccount, TrackerAsk } from "../ask.ts";
import type { TrackerClient } from "../client.ts";
import { below, createPlaneApi, type PlaneApi } from "./api.ts";
import { askComments, tellComments } from "./comments.ts";
import { askHistory } from "./history.ts";
import { askImages } from "./images.ts";
import { askItems, tellItems } from "./items.ts";
import { createNames, type Names, type PlaneState } from "./names.ts";
import { WorkItem } from "./shapes.ts";

export interface PlaneClient extends TrackerClient {
  /** Everybody in the workspace; role 20 is admin, 15 member, 5 guest. */
  members(): Promise<Answer<readonly PlaneMember[]>>;
  states(project: string): Promise<Answer<readonly PlaneState[]>>;
  workItem(project: string, id: string): Promise<Answer<PlaneWorkItem>>;
}

export interface PlaneMember {
  readonly id: string;
  readonly role: number;
}

export interface PlaneWorkItem {
  readonly id: string;
  readonly name: string;
  readonly descriptionHtml: string;
  readonly sequenceId: number | null;
}

export interface PlaneOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Such as `https://plane.example.org`; the API stands below `/api/v1/`. */
  readonly apiUrl: string;
  readonly token: string;
  /** The workspace's slug. */
  readonly workspace: string;
}

const ADMIN = 20;
const MEMBER = 15;

const Members = z.array(z.object({ id: z.string(), role: z.number() }));
const Me = z.object({ id: z.string() });

export function createPlane({ http, clock, apiUrl, token, workspace }: PlaneOptions): PlaneClient {
  const site = apiUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  const caller = createCaller({
    http,
    clock,
    name: "Plane",
    base: site,
    headers: {},
    access: async () => ({
      kind: "ok",
      value: { account: "token", headers: { "x-api-key": token }, secret: token },
    }),
    // Of a minute, which slides. Its answers do not say how many are allowed.
    limits: { limit: 60, isSliding: true },
    apartMs: 0,
  });
  const slug = encodeURIComponent(workspace);
  const home = `/api/v1/workspaces/${slug}`;
  // The cloud's API stands on another name than its pages.
  const web = `${site.replace("//api.plane.so", "//app.plane.so")}/${slug}`;
  const api = createPlaneApi(caller, clock, home, web);
  const names = createNames(api);
  const remembered = remembering<readonly PlaneMember[]>(clock);
  const members = (): ReturnType<PlaneClient["members"]> =>
    remembered("members", () => ask(caller, { method: "GET", path: `${home}/members/` }, Members));
  const spare = createPlaneApi(caller.spare, clock, home, web);
  return {
    tell: { source: "plane", host: caller.host, ...tellComments(api), ...tellItems(api, names) },
    ask: asked(api, names, members),
    spare: asked(spare, createNames(spare), members),
    members,
    states: (project) => names.states(project),
    async workItem(place, id): Promise<Answer<PlaneWorkItem>> {
      const answer = await api.items(place, below({ place, id }), { method: "GET" });
      if (answer.kind !== "ok") return answer;
      return map(read(caller.name, answer.value, WorkItem), (item) => ({
        id: item.id,
        name: item.name,
        descriptionHtml: item.description_html ?? "",
        sequenceId: item.sequence_id ?? null,
      }));
    },
  };
}

function asked(api: PlaneApi, names: Names, members: PlaneClient["members"]): TrackerAsk {
  return {
    source: "plane",
    host: api.caller.host,
    whoami: () => whoami(api.caller),
    ...askItems(api, names),
    ...askHistory(api),
    ...askComments(api),
    images: askImages(api),
    permission: async (_place, person) =>
      map(await members(), (all) => {
        const role = all.find(({ id }) => id.toLowerCase() === person.toLowerCase())?.role ?? 0;
        return role >= ADMIN ? "admin" : role >= MEMBER ? "write" : role > 0 ? "read" : "none";
      }),
  };
}

/** Plane says nothing of scopes and ends of a token. */
async function whoami(caller: Caller): Promise<Answer<OwnAccount>> {
  const answer = await caller.call({ method: "GET", path: "/api/v1/users/me/" });
  if (answer.kind !== "ok") return answer;
  return map(read(caller.name, answer.value, Me), ({ id }) => ({
    login: null,
    id,
    scopes: null,
    expiresAt: null,
    clock: clockOf(answer.value.headers),
  }));
}
