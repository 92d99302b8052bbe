/** The REST API v1 of the community edition, as far as anybody here calls it. */

import { z } from "zod";
import { tableOf } from "../../../cli/stage/fake-host/routing.ts";
import {
  addComment,
  addLink,
  changeItem,
  createItem,
  deleteComment,
  deleteItem,
  editComment,
} from "./acts.ts";
import {
  type Answer,
  atOf,
  type Call,
  demandRole,
  itemOf,
  no,
  ok,
  paged,
  projectOf,
  type Route,
} from "./call.ts";
import {
  activityJson,
  commentJson,
  itemJson,
  labelJson,
  linkJson,
  projectJson,
  stateJson,
  userJson,
} from "./json.ts";
import {
  type Attached,
  type Comment,
  type External,
  GROUPS,
  type Item,
  type Link,
  type Project,
} from "./world.ts";

const HOME = "/api/v1/workspaces/:slug";
const P = `${HOME}/projects/:project`;
const PRIORITIES = ["urgent", "high", "medium", "low", "none"] as const;
const EXTERNAL = { external_id: z.string().nullish(), external_source: z.string().nullish() };
const FIELDS = {
  ...{ name: z.string().min(1).max(255), description_html: z.string(), priority: z.enum(PRIORITIES) },
  ...{ state: z.string().nullable(), parent: z.string().nullable(), labels: z.array(z.string()) },
  ...{
    assignees: z.array(z.string()),
    start_date: z.string().nullable(),
    target_date: z.string().nullable(),
  },
};
const NEW = z.object({
  ...z.object(FIELDS).partial({
    description_html: true,
    priority: true,
    state: true,
    parent: true,
    labels: true,
    assignees: true,
    start_date: true,
    target_date: true,
  }).shape,
  ...EXTERNAL,
});
const CHANGE = z.object({ ...z.object(FIELDS).partial().shape, ...EXTERNAL });
const COMMENT = z.object({
  comment_html: z.string().min(1),
  access: z.enum(["INTERNAL", "EXTERNAL"]).default("INTERNAL"),
  ...EXTERNAL,
});
const LINK = z.object({ url: z.url(), title: z.string().nullish() });
const STATE = z.object({
  name: z.string().min(1),
  color: z.string(),
  group: z.enum(GROUPS).default("backlog"),
  ...EXTERNAL,
});
const LABEL = z.object({ name: z.string().min(1), color: z.string().default(""), ...EXTERNAL });

/** Field by field, as Django writes it. */
function bodyOf<T>({ body }: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const troubles = parsed.error.issues.map(({ path, message }) => [
    String(path[0] ?? "non_field_errors"),
    [message],
  ]);
  return no(400, Object.fromEntries(troubles));
}

function externalOf(given: {
  readonly external_id?: string | null | undefined;
  readonly external_source?: string | null | undefined;
}): External {
  const { external_id: id, external_source: source } = given;
  return id == null || source == null ? null : { id, source };
}

/** @throws a refusal 409 that names the one that is there */
function demandNew(
  all: Iterable<{ readonly id: string; readonly external: External }>,
  external: External,
  what: string,
): void {
  if (external === null) return;
  for (const { id, external: other } of all)
    if (other?.id === external.id && other.source === external.source)
      no(409, { error: `${what} with the same external id and external source already exists`, id });
}

/** @throws a refusal 400 for a state of another project; strangers and guests are dropped from the assignees */
function checked(call: Call, project: Project, fields: Record<string, unknown>): Record<string, unknown> {
  const { world } = call;
  const { external_id: _id, external_source: _source, ...kept } = fields;
  const known = (id: unknown): boolean =>
    project.members.has(String(id)) && (world.users.get(String(id))?.role ?? 0) >= 15;
  if (kept["state"] != null && !project.states.some(({ id }) => id === kept["state"]))
    no(400, { error: "State is not valid please pass a valid state_id" });
  const { assignees, labels } = kept;
  if (Array.isArray(assignees)) kept["assignees"] = assignees.filter(known);
  if (Array.isArray(labels))
    kept["labels"] = labels.filter((id) => project.labels.some((one) => one.id === id));
  return kept;
}

function shown(call: Call, project: Project, item: Item, status = 200): Answer {
  return ok(itemJson(call.world, project, item, expandOf(call)), status);
}

function expandOf({ query }: Call): readonly string[] {
  return (query.get("expand") ?? "").split(",");
}

function listed(call: Call): Answer {
  const project = projectOf(call);
  const { query, world } = call;
  const external = externalOf({
    external_id: query.get("external_id"),
    external_source: query.get("external_source"),
  });
  const all = [...project.items.values()].filter(({ isArchived }) => !isArchived);
  if (external !== null) {
    const found = all.find(
      (one) => one.external?.id === external.id && one.external.source === external.source,
    );
    return found === undefined
      ? no(404, { error: "The requested resource does not exist." })
      : shown(call, project, found);
  }
  const order = query.get("order_by") ?? "-created_at";
  const sign = order.startsWith("-") ? -1 : 1;
  const by = order.endsWith("updated_at")
    ? "updatedAt"
    : order.endsWith("sequence_id")
      ? "sequence"
      : "createdAt";
  const sorted = all.sort((a, b) => sign * (a[by] - b[by] || a.sequence - b.sequence));
  return paged(call, sorted, (item) => itemJson(world, project, item, expandOf(call)));
}

function create(call: Call): Answer {
  const project = projectOf(call);
  demandRole(call, 15);
  const given = bodyOf(call, NEW);
  demandNew(project.items.values(), externalOf(given), "Issue");
  return shown(call, project, createItem(atOf(call), checked(call, project, given), externalOf(given)), 201);
}

function change(call: Call): Answer {
  const { project, item } = itemOf(call);
  demandRole(call, 15);
  changeItem(atOf(call), item, checked(call, project, bodyOf(call, CHANGE)));
  return shown(call, project, item);
}

function remove(call: Call): Answer {
  const { item } = itemOf(call);
  if (call.user.role < 20 && item.by.id !== call.user.id)
    no(403, { error: "Only admin or creator can delete the work item" });
  deleteItem(atOf(call), item);
  return { status: 204 };
}

function byKey(call: Call): Answer {
  const [, identifier, sequence] = /^(.+)-(\d+)$/.exec(call.params["key"] ?? "") ?? [];
  for (const project of call.world.projects.values())
    for (const item of project.identifier === identifier && project.members.has(call.user.id)
      ? project.items.values()
      : [])
      if (item.sequence === Number(sequence) && !item.isArchived) return shown(call, project, item);
  return no(404, { error: "The requested resource does not exist." });
}

function comment(call: Call): Answer {
  const { project, item } = itemOf(call);
  const given = bodyOf(call, COMMENT);
  const all = [...project.items.values()].flatMap(({ comments }) => comments);
  demandNew(all, externalOf(given), "Work item comment");
  const made = addComment(atOf(call), item, {
    html: given.comment_html,
    access: given.access,
    external: externalOf(given),
  });
  return ok(commentJson(call.world, project, item, made), 201);
}

function commentOf(call: Call): {
  readonly project: Project;
  readonly item: Item;
  readonly comment: Comment;
} {
  const { project, item } = itemOf(call);
  const found = item.comments.find(({ id }) => id === call.params["comment"]);
  return { project, item, comment: found ?? no(404, { error: "The requested resource does not exist." }) };
}

/** @throws a refusal 403; assumed: one's own alone, and admins all */
function ownComment(call: Call): ReturnType<typeof commentOf> {
  const found = commentOf(call);
  if (found.comment.by.id !== call.user.id) demandRole(call, 20);
  return found;
}

function linkOf(call: Call): { readonly project: Project; readonly item: Item; readonly link: Link } {
  const { project, item } = itemOf(call);
  const link = item.links.find(({ id }) => id === call.params["link"]);
  return { project, item, link: link ?? no(404, { error: "The requested resource does not exist." }) };
}

function link(call: Call): Answer {
  const { project, item } = itemOf(call);
  demandRole(call, 15);
  const { url, title = null } = bodyOf(call, LINK);
  if (item.links.some((one) => one.url === url)) no(400, { error: "URL already exists for this Issue" });
  return ok(linkJson(call.world, project, item, addLink(atOf(call), item, url, title)), 201);
}

function fileJson({ id, name, type, by, at }: Attached) {
  const time = new Date(at).toISOString();
  return { id, attributes: { name, type }, is_uploaded: true, created_by: by.id, created_at: time };
}

/** Leads to where the file lies, whatever it belongs to. */
function file(call: Call): Answer {
  const { project } = itemOf(call);
  const id = call.params["file"] ?? "";
  const isKnown = [...project.items.values()].some(({ files }) => files.some((one) => one.id === id));
  return isKnown
    ? { status: 302, headers: { location: `${call.origin}${call.world.assets.signed(id)}` } }
    : no(404, { error: "The requested resource does not exist." });
}

function relations(call: Call): Answer {
  const { project, item } = itemOf(call);
  const refs = (items: readonly string[]) => items.map((id) => ({ project_id: project.id, issue_id: id }));
  const blocking = [...project.items.values()].filter(({ blockedBy }) => blockedBy.has(item.id));
  return ok({
    ...{ blocking: refs(blocking.map(({ id }) => id)), blocked_by: refs([...item.blockedBy]), duplicate: [] },
    ...{ relates_to: [], start_after: [], start_before: [], finish_after: [], finish_before: [] },
  });
}

/** What the older name has not. */
const NEWER: readonly Route[] = [
  {
    ...{ method: "GET", path: `${P}/work-items/:item/attachments/` },
    run: (call) =>
      ok(
        itemOf(call)
          .item.files.filter(({ isBeside }) => isBeside)
          .map(fileJson),
      ),
  },
  { method: "GET", path: `${P}/work-items/:item/attachments/:file/`, run: file },
  { method: "GET", path: `${P}/work-items/:item/relations/`, run: relations },
];

/** Of a work item, under its newer and its older name. */
function itemRoutes(name: string): readonly Route[] {
  const [items, one] = [`${P}/${name}/`, `${P}/${name}/:item/`];
  return [
    { method: "GET", path: items, run: listed },
    { method: "POST", path: items, run: create },
    {
      ...{ method: "GET", path: one },
      run(call) {
        const { project, item } = itemOf(call);
        return shown(call, project, item);
      },
    },
    { method: "PATCH", path: one, run: change },
    { method: "DELETE", path: one, run: remove },
    {
      ...{ method: "GET", path: `${one}comments/` },
      run(call) {
        const { project, item } = itemOf(call);
        return paged(call, [...item.comments].reverse(), (said) =>
          commentJson(call.world, project, item, said),
        );
      },
    },
    { method: "POST", path: `${one}comments/`, run: comment },
    {
      ...{ method: "GET", path: `${one}comments/:comment/` },
      run(call) {
        const { project, item, comment: said } = commentOf(call);
        return ok(commentJson(call.world, project, item, said));
      },
    },
    {
      ...{ method: "PATCH", path: `${one}comments/:comment/` },
      run(call) {
        const { project, item, comment: said } = ownComment(call);
        editComment(
          atOf(call),
          item,
          said,
          bodyOf(call, z.object({ comment_html: z.string().min(1) })).comment_html,
        );
        return ok(commentJson(call.world, project, item, said));
      },
    },
    {
      ...{ method: "DELETE", path: `${one}comments/:comment/` },
      run(call) {
        const { item, comment: said } = ownComment(call);
        deleteComment(atOf(call), item, said);
        return { status: 204 };
      },
    },
    {
      ...{ method: "GET", path: `${one}links/` },
      run(call) {
        const { project, item } = itemOf(call);
        return paged(call, item.links, (each) => linkJson(call.world, project, item, each));
      },
    },
    { method: "POST", path: `${one}links/`, run: link },
    {
      ...{ method: "DELETE", path: `${one}links/:link/` },
      run(call) {
        const { item, link: each } = linkOf(call);
        item.links.splice(item.links.indexOf(each), 1);
        return { status: 204 };
      },
    },
    {
      ...{ method: "GET", path: `${one}activities/` },
      run(call) {
        const { item } = itemOf(call);
        return paged(call, item.activities, (each) => activityJson(item, each));
      },
    },
  ];
}

/** What a project has of a kind, with a name of its own. */
function state(call: Call): Answer {
  const project = projectOf(call);
  demandRole(call, 15);
  const { name, color, group, ...given } = bodyOf(call, STATE);
  demandNew(project.states, externalOf(given), "State");
  const same = project.states.find((one) => one.name === name);
  if (same !== undefined)
    no(409, { error: "State with the same name already exists in the project", id: same.id });
  const made = { id: call.world.id(), name, color, group, sequence: 90_000, external: externalOf(given) };
  project.states.push(made);
  return ok(stateJson(call.world, project, made));
}

function label(call: Call): Answer {
  const project = projectOf(call);
  demandRole(call, 15);
  const { name, color, ...given } = bodyOf(call, LABEL);
  demandNew(project.labels, externalOf(given), "Label");
  const same = project.labels.find((one) => one.name === name);
  if (same !== undefined)
    no(409, { error: "Label with the same name already exists in the project", id: same.id });
  const made = { id: call.world.id(), name, color, external: externalOf(given) };
  project.labels.push(made);
  return ok(labelJson(call.world, project, made), 201);
}

/** Without their roles. */
function members(call: Call): Answer {
  const ids = [...projectOf(call).members];
  return ok(
    ids
      .map((id) => call.world.users.get(id))
      .filter((one) => one !== undefined)
      .map(userJson),
  );
}

export const ROUTES = tableOf<Route>([
  { method: "GET", path: "/api/v1/users/me/", run: ({ user }) => ok(userJson(user)) },
  {
    ...{ method: "GET", path: `${HOME}/projects/` },
    run: (call) => paged(call, [...call.world.projects.values()], (one) => projectJson(call.world, one)),
  },
  { method: "GET", path: `${P}/`, run: (call) => ok(projectJson(call.world, projectOf(call))) },
  {
    ...{ method: "GET", path: `${HOME}/members/` },
    run: ({ world }) => ok([...world.users.values()].map((user) => ({ ...userJson(user), role: user.role }))),
  },
  { method: "GET", path: `${P}/members/`, run: members },
  { method: "GET", path: `${P}/project-members/`, run: members },
  { method: "GET", path: `${HOME}/work-items/:key/`, run: byKey },
  {
    ...{ method: "GET", path: `${P}/states/` },
    run(call) {
      const project = projectOf(call);
      return paged(
        call,
        project.states.filter(({ group }) => group !== "triage"),
        (one) => stateJson(call.world, project, one),
      );
    },
  },
  { method: "POST", path: `${P}/states/`, run: state },
  {
    ...{ method: "GET", path: `${P}/labels/` },
    run(call) {
      const project = projectOf(call);
      return paged(call, project.labels, (one) => labelJson(call.world, project, one));
    },
  },
  { method: "POST", path: `${P}/labels/`, run: label },
  ...itemRoutes("work-items"),
  ...itemRoutes("issues"),
  ...NEWER,
]);
