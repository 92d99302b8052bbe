/** How Plane writes things: in answers plain ids, in webhooks whole objects, and JSON as Python makes it. */

import type { Activity, Comment, Item, Label, Link, Project, State, User, World } from "./world.ts";

export type Json = Readonly<Record<string, unknown>>;

export function stamp(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}

export function userJson({ id, name }: User): Json {
  const email = `${name}@example.com`;
  return { id, first_name: name, last_name: "", email, avatar: "", avatar_url: null, display_name: name };
}

export function stateJson(world: World, project: Project, state: State): Json {
  const { id, name, color, group, sequence, external } = state;
  return {
    ...{
      id,
      name,
      color,
      group,
      sequence,
      description: "",
      default: group === "backlog",
      is_triage: group === "triage",
    },
    ...externalJson(external),
    ...{ project: project.id, workspace: world.workspace },
  };
}

export function labelJson(world: World, project: Project, { id, name, color, external }: Label): Json {
  return {
    id,
    name,
    color,
    description: "",
    ...externalJson(external),
    project: project.id,
    workspace: world.workspace,
  };
}

function externalJson(external: Item["external"]): Json {
  return { external_source: external?.source ?? null, external_id: external?.id ?? null };
}

const expandedOf = (ids: unknown, find: (id: string) => Json | undefined): readonly Json[] =>
  (Array.isArray(ids) ? ids : []).map((id) => find(String(id))).filter((one) => one !== undefined);

/** @param expand which of `state`, `labels`, `assignees` are whole objects */
export function itemJson(world: World, project: Project, item: Item, expand: readonly string[]): Json {
  const { fields } = item;
  const labels = expandedOf(fields["labels"], (id) => {
    const label = project.labels.find((one) => one.id === id);
    return label && { id: label.id, name: label.name, color: label.color };
  });
  const people = expandedOf(fields["assignees"], (id) => {
    const user = world.users.get(id);
    return user && userJson(user);
  });
  const state = project.states.find(({ id }) => id === fields["state"]);
  const whole = state && { id: state.id, name: state.name, color: state.color, group: state.group };
  const { labels: _l, assignees: _a, state: _s, ...plain } = fields;
  return {
    id: item.id,
    labels: expand.includes("labels") ? labels : fields["labels"],
    assignees: expand.includes("assignees") ? people : fields["assignees"],
    state: expand.includes("state") ? whole : fields["state"],
    ...{
      created_at: stamp(item.createdAt),
      updated_at: stamp(item.updatedAt),
      deleted_at: null,
      point: null,
    },
    ...plain,
    ...{ description_binary: null, sequence_id: item.sequence, sort_order: 65_535 },
    completed_at: item.completedAt === null ? null : stamp(item.completedAt),
    ...{
      archived_at: item.isArchived ? "2026-01-01" : null,
      is_draft: false,
      ...externalJson(item.external),
    },
    ...{ created_by: item.by.id, updated_by: item.updatedBy?.id ?? null, project: project.id },
    ...{ workspace: world.workspace, estimate_point: null, type: null },
  };
}

/** As webhooks tell it. */
export function itemEventJson(world: World, project: Project, item: Item): Json {
  const json = itemJson(world, project, item, ["labels", "assignees", "state"]);
  const description = { type: "doc", content: [] };
  const stripped = String(json["description_html"] ?? "").replace(/<[^>]*>/g, "");
  return { ...json, description, description_json: description, description_stripped: stripped };
}

export function commentJson(world: World, project: Project, item: Item, comment: Comment): Json {
  return {
    ...{ id: comment.id, created_at: stamp(comment.createdAt), updated_at: stamp(comment.updatedAt) },
    ...{ deleted_at: null, comment_html: comment.html, attachments: [], access: comment.access },
    ...externalJson(comment.external),
    ...{ edited_at: comment.updatedAt > comment.createdAt ? stamp(comment.updatedAt) : null },
    ...{ created_by: comment.by.id, updated_by: null, project: project.id, workspace: world.workspace },
    ...{ description: null, issue: item.id, actor: comment.by.id, parent: null },
  };
}

export function linkJson(world: World, project: Project, item: Item, link: Link): Json {
  return {
    ...{ id: link.id, url: link.url, title: link.title, metadata: {}, created_at: stamp(link.createdAt) },
    ...{ updated_at: stamp(link.createdAt), created_by: link.by.id, updated_by: null, issue: item.id },
    ...{ project: project.id, workspace: world.workspace },
  };
}

export function activityJson(item: Item, activity: Activity): Json {
  return {
    ...{ id: activity.id, verb: activity.verb, field: activity.field, old_value: activity.before },
    ...{ new_value: activity.after, old_identifier: null, new_identifier: null, actor: activity.by.id },
    ...{ epoch: activity.at / 1_000, created_at: stamp(activity.at), issue: item.id },
  };
}

export function projectJson(world: World, { id, identifier, name, members }: Project): Json {
  return { id, identifier, name, network: 2, workspace: world.workspace, total_members: members.size };
}

/** `json.dumps` with its defaults: spaces after `,` and `:`, and nothing beyond ASCII. */
export function pythonJson(value: unknown, name = ""): string {
  if (Array.isArray(value)) return `[${value.map((one) => pythonJson(one)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{${entries.map(([key, one]) => `${pythonJson(key)}: ${pythonJson(one, key)}`).join(", ")}}`;
  }
  // It is a float there.
  if (name === "sort_order" && Number.isInteger(value)) return `${Number(value)}.0`;
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
