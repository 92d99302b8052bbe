/** One call of Plane's API as its route sees it, and what it may. */

import type { At } from "./acts.ts";
import type { Item, Project, User, World } from "./world.ts";

export interface Call {
  readonly world: World;
  readonly user: User;
  /** As whoever calls has written it. */
  readonly origin: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  run(call: Call): Answer;
}

export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** @throws always */
export function no(status: number, body: unknown): never {
  throw new Refusal({ status, body });
}

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

const MISSING = { error: "The requested resource does not exist." };

/** @throws a refusal 404, or 403 for who is no member of it */
export function projectOf({ world, user, params }: Call): Project {
  if (params["slug"] !== world.slug)
    return no(403, { detail: "You do not have permission to perform this action." });
  const project = world.projects.get(params["project"] ?? "") ?? no(404, MISSING);
  if (!project.members.has(user.id))
    no(403, { detail: "You do not have permission to perform this action." });
  return project;
}

/** @throws a refusal 404; archived ones are not there either */
export function itemOf(call: Call): { readonly project: Project; readonly item: Item } {
  const project = projectOf(call);
  const item = project.items.get(call.params["item"] ?? "");
  return { project, item: item === undefined || item.isArchived ? no(404, MISSING) : item };
}

/** @throws a refusal 403 */
export function demandRole({ user }: Call, role: User["role"]): void {
  if (user.role < role) no(403, { detail: "You do not have permission to perform this action." });
}

export function atOf(call: Call): At {
  return { world: call.world, project: projectOf(call), by: call.user, isWeb: false };
}

const PER_PAGE_MAX = 1_000;

/** By `<per page>:<page>:<0|1>`; the next cursor is never empty. */
export function paged<T>(
  call: Call,
  all: readonly T[],
  json: (item: T) => Readonly<Record<string, unknown>>,
): Answer {
  const asked = Number(call.query.get("per_page") ?? PER_PAGE_MAX);
  if (!Number.isInteger(asked) || asked < 1 || asked > PER_PAGE_MAX)
    no(400, { detail: `Invalid per_page value. Cannot exceed ${PER_PAGE_MAX}.` });
  const cursor = call.query.get("cursor") ?? `${asked}:0:0`;
  const [, size = "", at = ""] =
    /^(\d+):(\d+):[01]$/.exec(cursor) ?? no(400, { detail: "Invalid cursor parameter." });
  const [perPage, page] = [Math.min(asked, Number(size) || asked), Number(at)];
  const fields = (call.query.get("fields") ?? "").split(",").filter(Boolean);
  const shown = all.slice(page * perPage, (page + 1) * perPage).map(json);
  const results = shown.map((one) =>
    fields.length === 0
      ? one
      : Object.fromEntries(Object.entries(one).filter(([name]) => fields.includes(name))),
  );
  return ok({
    ...{ grouped_by: null, sub_grouped_by: null, total_count: all.length, extra_stats: null },
    ...{ next_cursor: `${perPage}:${page + 1}:0`, prev_cursor: `${perPage}:${page - 1}:1` },
    ...{ next_page_results: all.length > (page + 1) * perPage, prev_page_results: page > 0 },
    ...{
      count: results.length,
      total_pages: Math.ceil(all.length / perPage),
      total_results: all.length,
      results,
    },
  });
}
