/** Holds answers of the API to the schemas that it publishes. */

import assert from "node:assert/strict";
import { z } from "zod";
import type { Json } from "./served.ts";

/** What `/openapi.json` says about a route: `GET /api/v1/tasks/{key}`. */
export interface Document {
  /** `METHOD /path`, in order. */
  readonly routes: readonly string[];
  readonly operations: readonly Json[];
  /** Fails with the paths at which an answer is not what was published; a field that was not published is one. */
  check(route: string, status: number, type: string, body: unknown): void;
}

export function readDocument(document: Json): Document {
  const routes = new Map<string, Json>();
  for (const [path, item] of Object.entries(object(document["paths"])))
    for (const [method, operation] of Object.entries(object(item)))
      routes.set(`${method.toUpperCase()} ${path}`, object(operation));
  return {
    routes: [...routes.keys()].toSorted(),
    operations: [...routes.values()],
    check: (route, status, type, body) => {
      const responses = object(routes.get(route)?.["responses"], route);
      const response = object(responses[String(status)], `${route} with ${status}`);
      const media = object(
        object(response["content"])[type.replace(/;.*/, "")],
        `${route} ${status} ${type}`,
      );
      const schema = z.fromJSONSchema(inlined(object(media["schema"]), document));
      const checked = schema.safeParse(body);
      assert.ok(checked.success, `${route} ${status}: ${checked.error?.message} in ${JSON.stringify(body)}`);
    },
  };
}

function object(value: unknown, what = "the document"): Json {
  assert.ok(typeof value === "object" && value !== null, `${what} is published`);
  return value as Json;
}

/** Without references and without unpublished fields, so that it stands alone and says no to what it does not name. */
function inlined(schema: Json, document: Json): Json {
  if (typeof schema["$ref"] === "string") {
    const name = schema["$ref"].split("/").at(-1) ?? "";
    return inlined(object(object(object(document["components"])["schemas"])[name], name), document);
  }
  if (Array.isArray(schema["allOf"])) {
    const parts = schema["allOf"].map((part) => inlined(object(part), document));
    return {
      type: "object",
      properties: Object.assign({}, ...parts.map((part) => part["properties"])),
      required: parts.flatMap((part) => part["required"] ?? []),
      additionalProperties: false,
    };
  }
  const copy: Record<string, unknown> = { ...schema };
  if (schema["items"] !== undefined) copy["items"] = inlined(object(schema["items"]), document);
  if (schema["properties"] !== undefined) {
    const properties = Object.entries(object(schema["properties"]));
    copy["properties"] = Object.fromEntries(
      properties.map(([name, value]) => [name, inlined(object(value), document)]),
    );
    copy["additionalProperties"] = false;
  }
  return copy;
}
