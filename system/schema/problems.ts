/**
 * What is wrong with a value, in lines that a model can act on: `findings[0].severity: is none of the allowed values
 * (allowed: "minor", "major"; got: "huge")`.
 *
 * The library says where and by which keyword; what helps (the values that are allowed, the property that is missing,
 * what was probably meant) is in its parameters. The same errors make the same lines in the same order.
 */

import type { ErrorObject } from "ajv";
import { suggestion } from "../config/suggestion.ts";
import { listed, quoted, shown, visible } from "./shown.ts";

/** Lines; more are counted. */
const LINES_MAX = 20;
/** Errors that are looked at for them. */
const LOOKED_AT_MAX = 2_000;
/** Of a name for which something similar is looked for. */
const NAME_CHARS_MAX = 80;

interface Said {
  /** The rest of a sentence that begins with the place. */
  readonly what: string;
  /** From the schema. */
  readonly allowed?: string;
  /** Instead of the value itself; `null` where that says nothing. */
  readonly got?: string | null;
}

type Details = Pick<ErrorObject, "data" | "message"> & {
  readonly params: Readonly<Record<string, unknown>>;
  /** The part of the schema in which the keyword stands. */
  readonly within: Readonly<Record<string, unknown>>;
};

/** @param errors of a validator that keeps values and schemas in them (`verbose`) */
export function problemsOf(errors: readonly ErrorObject[]): readonly string[] {
  const telling = errors.filter(({ keyword }) => !FOLLOWS_FROM_OTHERS.has(keyword));
  const all = telling.length === 0 ? errors : telling;
  const sorted = all
    .slice(0, LOOKED_AT_MAX)
    .map((error) => ({ error, steps: stepsOf(error.instancePath) }))
    .sort((a, b) => comparePaths(a.steps, b.steps));
  const lines = new Set<string>();
  let done = 0;
  for (const { error, steps } of sorted) {
    if (lines.size === LINES_MAX) break;
    lines.add(lineOf(error, steps));
    done += 1;
  }
  const left = all.length - done;
  return left === 0 ? [...lines] : [...lines, `and ${left.toLocaleString("en")} more`];
}

/** They only say that there is another error, which says it better. */
const FOLLOWS_FROM_OTHERS: ReadonlySet<string> = new Set(["if", "propertyNames"]);

type Steps = readonly (string | number)[];

function lineOf(error: ErrorObject, steps: Steps): string {
  const { parentSchema = {}, propertyName, schemaPath, data } = error;
  const details: Details = { data, message: error.message ?? "", params: error.params, within: parentSchema };
  const said = (WORDS[error.keyword] ?? OTHERWISE)(details);
  const subject = propertyName === undefined ? "" : `its property name ${quoted(propertyName)} `;
  const got = said.got === undefined && propertyName === undefined ? shown(data) : said.got;
  const form = formOf(schemaPath);
  const more = [
    ...(said.allowed === undefined ? [] : [`allowed: ${said.allowed}`]),
    ...(got === undefined || got === null ? [] : [`got: ${got}`]),
    ...(form === null ? [] : [`in form ${form}`]),
  ];
  return `${placeOf(steps)}: ${subject}${said.what}${more.length === 0 ? "" : ` (${more.join("; ")})`}`;
}

const NOT_SHOWN = { got: null } as const;

const WORDS: Readonly<Record<string, (details: Details) => Said>> = {
  required: ({ params }) => ({
    what: `lacks the property ${shown(params["missingProperty"])}`,
    ...NOT_SHOWN,
  }),
  dependentRequired: ({ params }) => needs(params),
  dependencies: ({ params }) => needs(params),
  additionalProperties: ({ params, within }) => superfluous(params["additionalProperty"], within),
  unevaluatedProperties: ({ params, within }) => superfluous(params["unevaluatedProperty"], within),
  type: ({ params }) => ({ what: `is not of the right type`, allowed: [params["type"]].flat().join(", ") }),
  enum: ({ params, data }) => {
    const allowed = Array.isArray(params["allowedValues"]) ? params["allowedValues"] : [];
    return { what: `is none of the allowed values${meant(data, allowed)}`, allowed: listed(allowed) };
  },
  const: ({ params }) => ({ what: "is not the one allowed value", allowed: shown(params["allowedValue"]) }),
  pattern: ({ params }) => ({ what: "does not match the pattern", allowed: shown(params["pattern"]) }),
  format: ({ params }) => ({ what: `is not a valid ${visible(String(params["format"]))}` }),
  minLength: ({ params, data }) => ({
    what: `has fewer than ${params["limit"]} characters`,
    got: lengthOf(data),
  }),
  maxLength: ({ params, data }) => ({
    what: `has more than ${params["limit"]} characters`,
    got: lengthOf(data),
  }),
  minItems: ({ params }) => ({ what: `has fewer than ${params["limit"]} items` }),
  maxItems: ({ params }) => ({ what: `has more than ${params["limit"]} items` }),
  items: ({ params }) => ({ what: `has more than ${params["limit"]} items` }),
  unevaluatedItems: ({ params }) => ({ what: `has more than ${params["limit"]} items` }),
  minProperties: ({ params }) => ({ what: `has fewer than ${params["limit"]} properties` }),
  maxProperties: ({ params }) => ({ what: `has more than ${params["limit"]} properties` }),
  minimum: compared,
  maximum: compared,
  exclusiveMinimum: compared,
  exclusiveMaximum: compared,
  multipleOf: ({ params }) => ({ what: `is no multiple of ${params["multipleOf"]}` }),
  uniqueItems: ({ params }) => ({
    what: `has the same item at ${params["j"]} and ${params["i"]}`,
    ...NOT_SHOWN,
  }),
  contains: ({ params }) => contained(params),
  oneOf: ({ params }) =>
    Array.isArray(params["passingSchemas"])
      ? {
          what: `fits more than one form (${params["passingSchemas"].map((at) => Number(at) + 1).join(", ")})`,
        }
      : { what: "fits none of the forms that are allowed" },
  anyOf: () => ({ what: "fits none of the forms that are allowed" }),
  not: () => ({ what: "is of a form that is not allowed" }),
  discriminator: ({ params }) => ({
    what: `has a ${quoted(String(params["tag"]))} by which no form is known`,
    got: shown(params["tagValue"]),
  }),
  "false schema": () => ({ what: "must not be there", ...NOT_SHOWN }),
};

const OTHERWISE = ({ message }: Details): Said => ({ what: visible(message ?? "is not allowed") });

function needs(params: Details["params"]): Said {
  const { property, missingProperty } = params;
  return {
    what: `has the property ${shown(property)} and therefore needs ${shown(missingProperty)}`,
    ...NOT_SHOWN,
  };
}

function superfluous(name: unknown, within: Details["within"]): Said {
  const properties = within["properties"];
  const known = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return {
    what: `has the property ${shown(name)}, which is not allowed${meant(name, known)}`,
    ...(known.length > 0 && { allowed: listed(known) }),
    ...NOT_SHOWN,
  };
}

function compared({ params }: Details): Said {
  return { what: `must be ${params["comparison"]} ${params["limit"]}` };
}

function contained({ minContains, maxContains }: Details["params"]): Said {
  const most = maxContains === undefined ? "" : ` and at most ${maxContains}`;
  return { what: `needs at least ${minContains}${most} items of the form in "contains"` };
}

function meant(word: unknown, known: readonly unknown[]): string {
  if (typeof word !== "string" || word.length > NAME_CHARS_MAX) return "";
  return visible(
    suggestion(
      word,
      known.filter((one) => typeof one === "string"),
    ),
    2 * NAME_CHARS_MAX,
  );
}

function lengthOf(data: unknown): string {
  return typeof data === "string" ? `${[...data].length}` : shown(data);
}

/** Which of the alternatives an error is about, counted from one; `null` where it is about none. */
function formOf(schemaPath: string): number | null {
  const last = [...schemaPath.matchAll(/\/(?:oneOf|anyOf)\/(\d+)(?=\/)/g)].at(-1);
  return last === undefined ? null : Number(last[1]) + 1;
}

/** Of a JSON pointer. What looks like the number of an item is taken for one. */
function stepsOf(pointer: string): Steps {
  return pointer
    .split("/")
    .slice(1)
    .map((step) =>
      /^\d{1,9}$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~"),
    );
}

/** `findings[0].severity`, as one would write it in a program. */
export function placeOf(steps: Steps): string {
  if (steps.length === 0) return "top level";
  const text = steps.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_$][\w$]{0,79}$/.test(step) ? `.${step}` : `[${quoted(step)}]`;
  });
  return text.join("").replace(/^\./, "");
}

function comparePaths(a: Steps, b: Steps): number {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (one === other) continue;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}
