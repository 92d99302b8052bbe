/** How routes are described: the answers they share, and lists with their cursor. */

import { z } from "@hono/zod-openapi";
import type { Page, PageQuery } from "../../store/engine/page.ts";
import { ProblemView } from "./shapes.ts";

/** Without `content` in the type: a handler may then answer with a plain `Response`, as `problem` makes them. */
interface Described {
  readonly description: string;
}

export function json<T extends z.ZodType>(
  description: string,
  schema: T,
): { description: string; content: { "application/json": { schema: T } } } {
  return { description, content: { "application/json": { schema } } };
}

function asProblem(description: string): Described {
  const described = { description, content: { "application/problem+json": { schema: ProblemView } } };
  return described;
}

/** Errors that any route may answer. */
export const PROBLEMS: Record<400 | 401 | 503, Described> = {
  400: asProblem("The request is not valid"),
  401: asProblem("The token is missing or wrong"),
  503: asProblem("The database cannot work just now; try again after `Retry-After` seconds"),
};
/** Errors of routes that take a body. */
export const BODY_PROBLEMS: Record<413 | 415, Described> = {
  413: asProblem("The body is too large"),
  415: asProblem("The body is not sent as application/json"),
};
export const NOT_FOUND: Record<404, Described> = { 404: asProblem("There is no such thing") };
export const NOT_TAKEN: Record<502, Described> = {
  502: asProblem("Git, or the remote, did not do it, and says why; it may be asked for again"),
};
export const REFUSED: Record<409, Described> = {
  409: asProblem("Its state forbids it, and is told as `state`"),
};

/** `{"<plural>": […], "next_cursor": …}`. */
export function listOf(plural: string, item: z.ZodType): z.ZodObject {
  return z.object({
    [plural]: z.array(item),
    next_cursor: z.string().nullable().openapi({ description: "`cursor` of the next page, if there is one" }),
  });
}

export function pageQuery({ limit, cursor }: { limit: number; cursor?: string | undefined }): PageQuery {
  return { limit, before: cursor ?? null };
}

export function pageView<T, V>(plural: string, page: Page<T>, view: (item: T) => V): Record<string, unknown> {
  return { [plural]: page.items.map(view), next_cursor: page.next };
}
