/**
 * Plane's REST API v1, as far as trust and titles need it. Paths end in a slash (Django); the work item paths are newer
 * than the `issues/` ones and fall back to them.
 */

import { z } from "zod";
import type { Clock } from "../system/clock.ts";
import type { Http } from "../system/http.ts";
import { createAsker, type Lookup, remembering } from "./lookup.ts";

export interface Plane {
  /** Everybody in the workspace; role 20 is admin, 15 member, 5 guest. */
  members(): Promise<Lookup<readonly { readonly id: string; readonly role: number }[]>>;
  states(
    project: string,
  ): Promise<Lookup<readonly { readonly id: string; readonly name: string; readonly group: string }[]>>;
  workItem(project: string, id: string): Promise<Lookup<PlaneWorkItem>>;
  /** Whom the token acts as. */
  whoami(): Promise<Lookup<{ readonly id: string }>>;
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

const Members = z.array(z.object({ id: z.string(), role: z.number() }));
const States = z
  .object({ results: z.array(z.object({ id: z.string(), name: z.string(), group: z.string() })) })
  .transform(({ results }) => results);
const Item = z
  .object({
    id: z.string(),
    name: z.string(),
    description_html: z.string().nullish(),
    sequence_id: z.number().int().nullish(),
  })
  .transform((item) => ({
    id: item.id,
    name: item.name,
    descriptionHtml: item.description_html ?? "",
    sequenceId: item.sequence_id ?? null,
  }));
const Me = z.object({ id: z.string() });

export function createPlane({ http, clock, apiUrl, token, workspace }: PlaneOptions): Plane {
  const base = `${apiUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "")}/api/v1`;
  const home = `${base}/workspaces/${encodeURIComponent(workspace)}`;
  const asker = createAsker("Plane", http, clock, { "x-api-key": token });
  const members = remembering<readonly { id: string; role: number }[]>(clock);
  const states = remembering<readonly { id: string; name: string; group: string }[]>(clock);
  const projectOf = (project: string): string => `${home}/projects/${encodeURIComponent(project)}`;
  return {
    members: () => members("members", () => asker.get(`${home}/members/`, Members)),
    states: (project) =>
      states(project, () => asker.get(`${projectOf(project)}/states/?per_page=100`, States)),
    async workItem(project, id): Promise<Lookup<PlaneWorkItem>> {
      const item = await asker.get<PlaneWorkItem>(
        `${projectOf(project)}/work-items/${encodeURIComponent(id)}/`,
        Item,
      );
      if (item.kind !== "refused") return item;
      return asker.get<PlaneWorkItem>(`${projectOf(project)}/issues/${encodeURIComponent(id)}/`, Item);
    },
    whoami: () => asker.get<{ id: string }>(`${base}/users/me/`, Me),
  };
}
