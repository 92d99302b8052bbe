/** What can be done in the scripted Plane, by the API or in the web app, and what is told of it. */

import { commentJson, itemEventJson } from "./json.ts";
import type { Attached, Comment, External, Item, Link, Project, User, World } from "./world.ts";

export interface At {
  readonly world: World;
  readonly project: Project;
  readonly by: User;
  /** The web app calls some fields otherwise. */
  readonly isWeb: boolean;
}

const WEB_NAMES: Readonly<Record<string, string>> = {
  ...{ state: "state_id", labels: "label_ids", assignees: "assignee_ids", parent: "parent_id" },
};

/** The oldest make room. */
const KEPT_MAX = 5_000;

function keep<T>(list: T[], item: T): T {
  list.push(item);
  if (list.length > KEPT_MAX) list.shift();
  return item;
}

function record(
  { world, by }: At,
  item: Item,
  verb: string,
  field: string | null,
  before: unknown,
  after: unknown,
): void {
  const text = (value: unknown): string | null =>
    value === null || value === undefined ? null : String(value);
  keep(item.activities, {
    id: world.id(),
    verb,
    field,
    before: text(before),
    after: text(after),
    by,
    at: world.now(),
  });
  item.updatedAt = Math.max(item.updatedAt, world.now());
  item.updatedBy = by;
}

function eventOf({ world, project }: At, item: Item) {
  // It is read when it is sent, and gone by then it is not sent at all.
  return () => (project.items.has(item.id) ? itemEventJson(world, project, item) : null);
}

export function createItem(at: At, fields: Readonly<Record<string, unknown>>, external: External): Item {
  const { world, project, by } = at;
  project.lastSequence += 1;
  const now = world.now();
  const first = project.states.find(({ group }) => group === "backlog")?.id;
  const item: Item = {
    ...{ id: world.id(), sequence: project.lastSequence, external, by, updatedBy: null, createdAt: now },
    ...{ updatedAt: now, completedAt: null, isArchived: false, comments: [], links: [], activities: [] },
    ...{ files: [], blockedBy: new Set<string>() },
    fields: {
      ...{ name: "", description_html: "<p></p>", priority: "none", start_date: null, target_date: null },
      ...{ parent: null, labels: [], assignees: [], state: first, ...fields },
    },
  };
  project.items.set(item.id, item);
  record(at, item, "created", null, null, null);
  world.tell("issue", "created", { data: eventOf(at, item), by });
  world.changed();
  return item;
}

/** One delivery for each key that differs, in no promised order. */
export function changeItem(at: At, item: Item, wanted: Readonly<Record<string, unknown>>): void {
  const { world, project, by, isWeb } = at;
  const changed = Object.entries(wanted).filter(
    ([name, value]) => name in item.fields && JSON.stringify(item.fields[name]) !== JSON.stringify(value),
  );
  const before = { ...item.fields };
  for (const [name, value] of changed) {
    item.fields[name] = value;
    record(at, item, "updated", name, before[name], value);
  }
  const state = project.states.find(({ id }) => id === item.fields["state"]);
  item.completedAt = state?.group === "completed" ? (item.completedAt ?? world.now()) : null;
  for (const [name, after] of changed) {
    const field = isWeb ? (WEB_NAMES[name] ?? name) : name;
    world.tell("issue", "updated", { data: eventOf(at, item), by, field, before: before[name], after });
  }
  world.changed();
}

/** Nothing is told of it (since v0.26.1). */
export function deleteItem({ world, project }: At, item: Item): void {
  project.items.delete(item.id);
  world.changed();
}

export function addComment(
  at: At,
  item: Item,
  given: Pick<Comment, "html" | "access" | "external">,
): Comment {
  const { world, by, project } = at;
  const now = world.now();
  const comment: Comment = { ...given, id: world.id(), by, createdAt: now, updatedAt: now };
  keep(item.comments, comment);
  item.updatedAt = now;
  world.tell("issue_comment", "created", { data: () => commentJson(world, project, item, comment), by });
  world.changed();
  return comment;
}

export function editComment(at: At, item: Item, comment: Comment, html: string): void {
  const { world, by, project } = at;
  const before = comment.html;
  if (before === html) return;
  comment.html = html;
  comment.updatedAt = world.now();
  item.updatedAt = world.now();
  const data = () => commentJson(world, project, item, comment);
  world.tell("issue_comment", "updated", { data, by, field: "comment_html", before, after: html });
  world.changed();
}

export function deleteComment({ world }: At, item: Item, comment: Comment): void {
  item.comments.splice(item.comments.indexOf(comment), 1);
  world.changed();
}

/** Nothing is told of links. */
export function addLink({ world, by }: At, item: Item, url: string, title: string | null): Link {
  const link = keep(item.links, { id: world.id(), url, title, by, createdAt: world.now() });
  item.updatedAt = world.now();
  world.changed();
  return link;
}

/** A file of a text, or beside it. Nothing is told of it. */
export function attach(
  at: At,
  item: Item,
  { bytes, ...file }: Pick<Attached, "name" | "type" | "isBeside"> & { readonly bytes: Uint8Array },
): Attached {
  const { world, by } = at;
  const made = { ...file, id: world.id(), by, at: world.now() };
  world.assets.put(made.id, bytes, file.type);
  item.files.push(made);
  if (file.isBeside) record(at, item, "created", "attachment", null, file.name);
  world.changed();
  return made;
}

/** Plane tells nothing of relations by webhook; they are in the history. */
export function setBlocked(at: At, item: Item, by: Item, isBlocked: boolean): void {
  if (isBlocked) item.blockedBy.add(by.id);
  else item.blockedBy.delete(by.id);
  const key = `${at.project.identifier}-${by.sequence}`;
  record(
    at,
    item,
    isBlocked ? "created" : "deleted",
    "blocked_by",
    isBlocked ? null : key,
    isBlocked ? key : null,
  );
  at.world.changed();
}
