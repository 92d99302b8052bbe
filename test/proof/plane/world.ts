/** What there is in the scripted Plane: one workspace, its people, projects and work items. Times are milliseconds. */

import { Assets } from "../../../cli/stage/fake-host/assets.ts";
import { createWatch, type Watch } from "../../../cli/stage/fake-host/watch.ts";
import { drawing } from "../../../cli/stage/fake-telegram/faults.ts";
import type { Clock } from "../../../system/clock.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  /** In the workspace: 20 admin, 15 member, 5 guest. */
  role: 20 | 15 | 5;
}

export const GROUPS = ["backlog", "unstarted", "started", "completed", "cancelled", "triage"] as const;

export interface State {
  readonly id: string;
  name: string;
  readonly color: string;
  readonly group: (typeof GROUPS)[number];
  readonly sequence: number;
  readonly external: External;
}

export interface Label {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly external: External;
}

/** What another program calls it; unique per project and kind. */
export type External = { readonly source: string; readonly id: string } | null;

export interface Comment {
  readonly id: string;
  readonly by: User;
  html: string;
  readonly access: string;
  readonly external: External;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Link {
  readonly id: string;
  readonly url: string;
  title: string | null;
  readonly by: User;
  readonly createdAt: number;
}

/** A file beside an item, or in its texts. */
export interface Attached {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly by: User;
  readonly at: number;
  readonly isBeside: boolean;
}

export interface Activity {
  readonly id: string;
  readonly verb: string;
  readonly field: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly by: User;
  readonly at: number;
}

export interface Item {
  readonly id: string;
  readonly sequence: number;
  /** As they are set: of the API's own names. */
  readonly fields: Record<string, unknown>;
  readonly external: External;
  readonly by: User;
  updatedBy: User | null;
  readonly createdAt: number;
  updatedAt: number;
  completedAt: number | null;
  isArchived: boolean;
  readonly comments: Comment[];
  readonly links: Link[];
  readonly files: Attached[];
  /** Ids of items that it waits for. */
  readonly blockedBy: Set<string>;
  readonly activities: Activity[];
}

export interface Project {
  readonly id: string;
  readonly identifier: string;
  readonly name: string;
  /** Ids of its people. */
  readonly members: Set<string>;
  readonly states: State[];
  readonly labels: Label[];
  readonly items: Map<string, Item>;
  lastSequence: number;
}

export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  isActive: boolean;
  readonly log: { readonly event: string; readonly status: number; readonly tries: number }[];
}

export interface World extends Watch {
  readonly workspace: string;
  readonly slug: string;
  readonly users: Map<string, User>;
  /** By key. */
  readonly tokens: Map<string, User>;
  readonly projects: Map<string, Project>;
  readonly hooks: Hook[];
  readonly assets: Assets;
  now(): number;
  pass(ms: number): void;
  id(): string;
  draw(): number;
  user(name: string, role?: User["role"]): User;
  project(identifier: string, members: readonly string[]): Project;
  /** Tells of a change, once for each webhook. */
  tell(event: string, action: string, what: Told): void;
}

export interface Told {
  readonly data: () => Readonly<Record<string, unknown>> | null;
  readonly by: User;
  readonly field?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const DEFAULT_STATES = [
  ["Backlog", "backlog"],
  ["Todo", "unstarted"],
  ["In Progress", "started"],
  ["Done", "completed"],
  ["Cancelled", "cancelled"],
  ["Triage", "triage"],
] as const;

export function createWorld(clock: Clock, seed: number): World {
  const watch = createWatch(clock);
  const draw = drawing(seed);
  let offset = 0;
  const id = (): string => {
    const hex = Array.from({ length: 32 }, () => Math.floor(draw() * 16).toString(16)).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  const world: World = {
    assets: new Assets(() => world.now()),
    ...{ workspace: id(), slug: "acme", users: new Map(), tokens: new Map(), projects: new Map(), hooks: [] },
    ...{ id, draw, tell: () => {} },
    get version() {
      return watch.version;
    },
    changed: () => watch.changed(),
    wait: (ms, signal) => watch.wait(ms, signal),
    now: () => clock.now() + offset,
    pass(ms) {
      offset += ms;
      watch.changed();
    },
    user(name, role = 15) {
      const known = [...world.users.values()].find((one) => one.name === name);
      if (known !== undefined) return known;
      const user: User = { id: id(), name, role };
      world.users.set(user.id, user);
      return user;
    },
    project(identifier, members) {
      const states = DEFAULT_STATES.map(
        ([name, group], at): State => ({
          id: id(),
          name,
          group,
          color: "#60646C",
          sequence: (at + 1) * 15_000,
          external: null,
        }),
      );
      const project: Project = {
        ...{
          id: id(),
          identifier,
          name: identifier,
          members: new Set(members.map((one) => world.user(one).id)),
        },
        ...{ states, labels: [], items: new Map(), lastSequence: 0 },
      };
      world.projects.set(project.id, project);
      return project;
    },
  };
  return world;
}
