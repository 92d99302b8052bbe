/** What GitHub's own description says of a request: a call that it does not allow is a fault of ours. */

import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

const FILE = new URL("../../fixtures/github/openapi.json", import.meta.url);

interface Operation {
  readonly parameters?: readonly { readonly name?: string; readonly in?: string; readonly $ref?: string }[];
  readonly requestBody?: unknown;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, { readonly name: string; readonly in: string }>>;
  };
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type, and where an enumeration must have the value, too. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (value === null || typeof value !== "object") return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key, withNull(of)]),
  );
  if (nullable !== true) return rest;
  return {
    ...rest,
    ...(typeof rest["type"] === "string" && { type: [rest["type"], "null"] }),
    ...(Array.isArray(rest["enum"]) && { enum: [...rest["enum"], null] }),
  };
}

const document = withNull(JSON.parse(readFileSync(FILE, "utf8"))) as Document;
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
addFormats.default(ajv);
ajv.addSchema({ ...document, $id: "gh" });

const templates = Object.keys(document.paths).map((path) => ({
  path,
  // A ref is the rest of its path.
  pattern: new RegExp(
    `^${path
      .replace("{ref}/", "[^/]+/")
      .replace("{ref}", ".+")
      .replaceAll(/\{\w+_(number|id)\}/g, "\\d+")
      .replaceAll(/\{[^}]+\}/g, "[^/]+")}$`,
  ),
}));

/** What is wrong with a request; `null`: nothing, or the description does not know the path. */
export function faultOf(method: string, url: string, body: string): string | null {
  const { pathname, searchParams } = new URL(url, "http://github");
  const known = templates.find(({ pattern }) => pattern.test(pathname));
  if (known === undefined) return null;
  const operation = document.paths[known.path]?.[method.toLowerCase()];
  // The description is a part of the whole: other methods of a path are not in it.
  if (operation === undefined) return null;
  const names = (operation.parameters ?? []).map(
    ({ name, $ref }) => name ?? document.components.parameters[$ref?.split("/").at(-1) ?? ""]?.name,
  );
  const strange = [...searchParams.keys()].find((name) => !names.includes(name));
  if (strange !== undefined) return `${method} ${known.path} has no parameter ${strange}`;
  if (operation.requestBody === undefined) return body === "" ? null : `${method} ${known.path} has no body`;
  const validate = validatorOf(known.path, method.toLowerCase());
  if (validate(body === "" ? undefined : JSON.parse(body))) return null;
  return `${method} ${known.path}: ${ajv.errorsText(validate.errors ?? [])}`;
}

function validatorOf(path: string, method: string): ValidateFunction {
  const place = encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
  return ajv.compile({ $ref: `gh#/paths/${place}/${method}/requestBody/content/application~1json/schema` });
}
