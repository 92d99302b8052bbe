/**
 * Holds calls and answers against the published description of GitHub's API (a subset of `@octokit/openapi` 23.0.2,
 * MIT). What the subset does not name is not checked.
 */

import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Exchange } from "../../../cli/stage/fake-github/http/answer.ts";

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly method: string;
  readonly pattern: RegExp;
  /** In the document, escaped. */
  readonly pointer: string;
  readonly queries: ReadonlySet<string>;
  readonly hasBody: boolean;
  readonly bodies: ReadonlyMap<number, boolean>;
}

const DOCUMENT = new URL("../../fixtures/github/openapi.json", import.meta.url);

export interface OpenapiCheck {
  check(exchange: Exchange): readonly string[];
  /** Operations that have been called, as `METHOD path`. */
  readonly met: ReadonlySet<string>;
}

export function openapiCheck(): OpenapiCheck {
  const document = withNull(JSON.parse(readFileSync(DOCUMENT, "utf8")));
  const ajv = new Ajv({ strict: false, allErrors: false });
  formats.default(ajv);
  ajv.addFormat("repo.nwo", true);
  ajv.addSchema({ ...asJson(document), $id: "gh" });
  const operations = operationsOf(asJson(document));
  const compiled = new Map<string, ValidateFunction>();
  const validate = (pointer: string, value: unknown, what: string): readonly string[] => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `gh#${pointer}` });
    compiled.set(pointer, known);
    if (known(value)) return [];
    return [`${what} ${ajv.errorsText(known.errors, { dataVar: "$" })}`];
  };
  const met = new Set<string>();
  return {
    met,
    check({ method, path, query, body, status, answer }) {
      const found = operations.find((one) => one.method === method && one.pattern.test(path));
      if (found === undefined) return [];
      met.add(`${method} ${found.pointer}`);
      const unknown = [...query.keys()].filter((name) => !found.queries.has(name));
      const troubles = unknown.map((name) => `no such parameter: ${name}`);
      const content = "content/application~1json/schema";
      // What was refused may have been wrong: that is what it was refused for.
      if (body !== undefined && found.hasBody && status < 400)
        troubles.push(...validate(`${found.pointer}/requestBody/${content}`, body, "asks"));
      if (!found.bodies.has(status)) {
        // Any call may meet these.
        if (![301, 304, 400, 401, 403, 404, 413, 429].includes(status))
          troubles.push(`no such answer: ${status}`);
      } else if (found.bodies.get(status) === true)
        troubles.push(
          ...validate(`${found.pointer}/responses/${status}/${content}`, answer, `answers ${status}`),
        );
      return troubles;
    },
  };
}

/** What is counted is a number: `issues/comments` is no issue. */
function patternOf(path: string): RegExp {
  const counted = path.replace(/\{ref\}/g, "(.+)").replace(/\{\w+_(?:id|number)\}/g, "(\\d+)");
  return new RegExp(`^${counted.replace(/\{\w+\}/g, "([^/]+)")}$`);
}

function operationsOf(document: Json): readonly Operation[] {
  return Object.entries(asJson(document["paths"]))
    .flatMap(([path, methods]) =>
      Object.entries(asJson(methods)).map(([method, operation]): Operation => {
        const one = asJson(operation);
        const responses = Object.entries(asJson(one["responses"]));
        return {
          method: method.toUpperCase(),
          pattern: patternOf(path),
          pointer: `/paths/${path.replaceAll("/", "~1")}/${method}`,
          queries: new Set(parametersOf(document, one)),
          hasBody: JSON.stringify(one["requestBody"] ?? {}).includes("application/json"),
          bodies: new Map(
            responses.map(([status, said]) => [
              Number(status),
              "application/json" in asJson(asJson(said)["content"]),
            ]),
          ),
        };
      }),
    )
    .sort((a, b) => a.pattern.source.split("(").length - b.pattern.source.split("(").length);
}

function parametersOf(document: Json, operation: Json): readonly string[] {
  const all: unknown = operation["parameters"];
  return (Array.isArray(all) ? all : [])
    .map((one) => resolved(document, asJson(one)))
    .filter((one) => one["in"] === "query")
    .map((one) => String(one["name"]));
}

function resolved(document: Json, value: Json): Json {
  const ref = value["$ref"];
  if (typeof ref !== "string") return value;
  let at: unknown = document;
  for (const part of ref.slice(2).split("/")) at = asJson(at)[part];
  return asJson(at);
}

function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== "object" || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) made[name] = withNull(one);
  if (made["nullable"] !== true) return made;
  const { nullable: _, ...schema } = made;
  if (typeof schema["type"] === "string") {
    const values = schema["enum"];
    return {
      ...schema,
      type: [schema["type"], "null"],
      ...(Array.isArray(values) && { enum: [...values, null] }),
    };
  }
  return { anyOf: [schema, { type: "null" }] };
}
