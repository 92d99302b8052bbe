/** How routes are described: the answers they share, and lists with their cursor. */

import { z } from "@hono/zod-openapi";
import type { Page, PageQuery } from "../store/store.ts";
import { ProblemView } from "./api-schemas.ts";

interface Described {
  readonly description: string;
  readonly content: Record<string, { schema: z.ZodType }>;
}

export function json<T extends z.ZodType>(
  description: string,
  schema: T,
): { description: string; content: { "application/json": { schema: T } } } {
  return { description, content: { "application/json": { schema } } };
}

const asProblem = (description: string): Described => ({
  description,
  content: { "application/problem+json": { schema: ProblemView } },
});

/** Errors that any route may answer. */
export const PROBLEMS: Record<400 | 401, Described> = {
  400: asProblem("The request is not valid"),
  401: asProblem("The token is missing or wrong"),
};
export const NOT_FOUND: Record<404, Described> = { 404: asProblem("There is no such thing") };
export const REFUSED: Record<409, Described> = { 409: asProblem("Its state forbids it") };

/** `{"<plural>": […], "next_cursor": …}`. */
export function listOf(plural: string, item: z.ZodType): z.ZodType {
  return z.object({ [plural]: z.array(item), next_cursor: z.string().nullable() });
}

export function pageQuery({ limit, cursor }: { limit: number; cursor?: string | undefined }): PageQuery {
  return { limit, before: cursor ?? null };
}

export function pageView<T, V>(plural: string, page: Page<T>, view: (item: T) => V): Record<string, unknown> {
  return { [plural]: page.items.map(view), next_cursor: page.next };
}
