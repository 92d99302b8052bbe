/**
 * What a template may name of an artifact: the fields that the artifact's schema declares (`properties`, also of items,
 * of `$defs`, and of every branch of `allOf`, `anyOf`, `oneOf`).
 *
 * F1. A declared field is there in every artifact: it is `null` where the agent has left it out. So a template that
 *     passes with a sample does not fail because of what an agent has chosen to leave out.
 * F2. Nothing here judges data: that it follows the schema was checked before. A schema that is no schema declares
 *     nothing, and one that goes round in circles is followed a few times only.
 */

import type { Json } from "../workflow.ts";

/** `full` has every field and one item in every list, `sparse` only what has to be there. */
export type Fullness = "full" | "sparse";

/** How deep a schema is followed, `$ref` by `$ref` and level by level. */
const DEPTH_MAX = 64;
const REFERENCES_MAX = 4;
/** Values that are made for one artifact: schemas that name one another can ask for more than a memory holds. */
const VALUES_MAX = 20_000;

/** A value as the schema asks for it; `null` for what it says nothing about, of which a template may name anything. */
export function sampleOf(schema: Json, fullness: Fullness): Json {
  return sample(schema, { root: schema, fullness, depth: 0, references: 0, budget: { left: VALUES_MAX } });
}

/** The same data with `null` for each declared field that it has not (F1). */
export function withDeclaredFields(schema: Json, data: Json): Json {
  const budget = { left: VALUES_MAX };
  return complete(schema, data, { root: schema, fullness: "full", depth: 0, references: 0, budget });
}

interface Walk {
  readonly root: Json;
  readonly fullness: Fullness;
  readonly depth: number;
  readonly references: number;
  /** Shared by the whole walk. */
  readonly budget: { left: number };
}

type Mapping = { readonly [key: string]: Json };

function sample(schema: Json, walk: Walk): Json {
  const shapes = shapesOf(schema, walk);
  walk.budget.left -= 1;
  if (walk.budget.left < 0 || walk.depth > DEPTH_MAX || shapes.length === 0) return null;
  const inner = { ...walk, depth: walk.depth + 1 };
  const chosen = shapes.flatMap(({ schema: shape }) => chosenBy(shape));
  if (chosen[0] !== undefined) return chosen[0];
  const types = new Set(shapes.flatMap(({ schema: shape }) => typesOf(shape)));
  const fields = propertiesOf(shapes);
  if (types.has("object") || fields.length > 0) return Object.fromEntries(fields.map(sampleField(inner)));
  if (types.has("array")) return sampleItems(shapes, inner);
  if (types.has("string")) return "text";
  if (types.has("integer") || types.has("number")) return 1;
  return types.has("boolean") ? true : null;
}

function sampleField(walk: Walk): (field: Field) => [string, Json] {
  return ({ name, schema, isRequired, references }) => {
    if (walk.fullness === "sparse" && !isRequired) return [name, null];
    return [name, sample(schema, { ...walk, references })];
  };
}

function sampleItems(shapes: readonly Shape[], walk: Walk): Json {
  const items = itemsOf(shapes);
  if (walk.fullness === "sparse" || items === null) return [];
  return [sample(items.schema, { ...walk, references: items.references })];
}

function complete(schema: Json, data: Json, walk: Walk): Json {
  if (typeof data !== "object" || data === null || walk.depth > DEPTH_MAX || walk.budget.left <= 0)
    return data;
  const shapes = shapesOf(schema, walk);
  const inner = { ...walk, depth: walk.depth + 1 };
  if (isList(data)) {
    const items = itemsOf(shapes);
    if (items === null) return data;
    return data.map((item) => complete(items.schema, item, { ...inner, references: items.references }));
  }
  const entries = new Map(Object.entries(data));
  for (const { name, schema: field, references } of propertiesOf(shapes)) {
    const value = entries.get(name);
    walk.budget.left -= 1;
    entries.set(name, value === undefined ? null : complete(field, value, { ...inner, references }));
  }
  return Object.fromEntries(entries);
}

/** A schema with the branches that it is made of, and how many references led there. */
interface Shape {
  readonly schema: Mapping;
  readonly references: number;
}

function shapesOf(schema: Json, walk: Walk): readonly Shape[] {
  const found: Shape[] = [];
  const open: { schema: Json; references: number }[] = [{ schema, references: walk.references }];
  for (let next = open.shift(); next !== undefined && found.length < VALUES_MAX; next = open.shift()) {
    const { schema: one, references } = next;
    if (!isMapping(one) || references > REFERENCES_MAX) continue;
    found.push({ schema: one, references });
    for (const branch of [one["allOf"], one["anyOf"], one["oneOf"]].flatMap((list) =>
      isList(list) ? list : [],
    ))
      open.push({ schema: branch, references });
    const target = typeof one["$ref"] === "string" ? resolve(one["$ref"], walk.root) : null;
    if (target !== null) open.push({ schema: target, references: references + 1 });
  }
  return found;
}

/** Of references only those within the schema (`#`, `#/$defs/step`) lead anywhere. */
function resolve(reference: string, root: Json): Json {
  if (!reference.startsWith("#")) return null;
  let here: Json = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    here = isMapping(here) && Object.hasOwn(here, name) ? (here[name] ?? null) : null;
  }
  return here;
}

interface Field extends Omit<Shape, "schema"> {
  readonly name: string;
  readonly schema: Json;
  readonly isRequired: boolean;
}

function propertiesOf(shapes: readonly Shape[]): readonly Field[] {
  const required = new Set(
    shapes.flatMap(({ schema: { required: names = [] } }) => (isList(names) ? names : [])),
  );
  return shapes.flatMap(({ schema: { properties = {} }, references }) => {
    if (!isMapping(properties)) return [];
    return Object.entries(properties).map(([name, schema]) => {
      return { name, schema, isRequired: required.has(name), references };
    });
  });
}

function itemsOf(shapes: readonly Shape[]): { readonly schema: Json; readonly references: number } | null {
  for (const { schema, references } of shapes) {
    const { prefixItems, items } = schema;
    const [first] = isList(prefixItems) ? prefixItems : [];
    const found = items ?? first;
    if (found !== undefined) return { schema: found, references };
  }
  return null;
}

function chosenBy({ const: only, enum: several }: Mapping): readonly Json[] {
  if (only !== undefined) return [only];
  return isList(several) ? several.slice(0, 1) : [];
}

function typesOf({ type }: Mapping): readonly Json[] {
  return isList(type) ? type : type === undefined ? [] : [type];
}

function isMapping(value: Json | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
