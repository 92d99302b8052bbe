/** Carries out a GraphQL document over objects whose fields are functions. What a type does not know is an error. */

import type { Document, Selection, Value } from "./parse.ts";

export type Args = Readonly<Record<string, unknown>>;
export type Field = (args: Args) => unknown;

/** An object of the graph. */
export interface Node {
  readonly type: string;
  readonly fields: Readonly<Record<string, Field>>;
}

export interface GraphError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** Makes a field `null`, and says why. */
export class FieldError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** The whole document makes no sense: nothing of it is carried out further. */
export class QueryError extends Error {}

export interface Outcome {
  readonly data: unknown;
  readonly errors: readonly GraphError[];
}

/** @throws QueryError */
export async function runDocument(document: Document, given: Args, root: Node): Promise<Outcome> {
  const variables: Record<string, unknown> = {};
  for (const [name, { isNeeded, otherwise }] of document.operation.variables) {
    const value = given[name] ?? (otherwise === null ? null : plainOf(otherwise, {}));
    if (value === null && isNeeded)
      throw new QueryError(`Variable $${name} of a non-null type was provided invalid value`);
    variables[name] = value;
  }
  for (const name of Object.keys(given))
    if (!document.operation.variables.has(name)) throw new QueryError(`Variable $${name} is not declared`);
  const run: Run = { document, variables, errors: [] };
  const data = await select(run, root, document.operation.selections, []);
  return { data, errors: run.errors };
}

interface Run {
  readonly document: Document;
  readonly variables: Args;
  readonly errors: GraphError[];
}

type Path = readonly (string | number)[];

async function select(run: Run, node: Node, selections: readonly Selection[], path: Path): Promise<unknown> {
  const made: Record<string, unknown> = {};
  for (const selection of selections) {
    if (selection.kind === "field") {
      made[selection.alias] = await field(run, node, selection, [...path, selection.alias]);
      continue;
    }
    const inside =
      selection.kind === "inline" ? selection.inside : run.document.fragments.get(selection.name);
    if (inside === undefined) throw new QueryError("Fragment was used, but not defined");
    if (selection.kind === "inline" && selection.on !== null && selection.on !== node.type) continue;
    Object.assign(made, await select(run, node, inside, path));
  }
  return made;
}

async function field(
  run: Run,
  node: Node,
  { name, args, inside }: Extract<Selection, { kind: "field" }>,
  path: Path,
): Promise<unknown> {
  if (name === "__typename") return node.type;
  const resolve = Object.hasOwn(node.fields, name) ? node.fields[name] : undefined;
  if (resolve === undefined) throw new QueryError(`Field '${name}' doesn't exist on type '${node.type}'`);
  try {
    const values = Object.fromEntries(
      Object.entries(args).map(([key, one]) => [key, plainOf(one, run.variables)]),
    );
    return await complete(run, await resolve(values), inside, path, name);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    run.errors.push({ type: error.type, path, message: error.message });
    return null;
  }
}

async function complete(
  run: Run,
  value: unknown,
  inside: readonly Selection[] | null,
  path: Path,
  name: string,
): Promise<unknown> {
  if (Array.isArray(value))
    return await Promise.all(value.map((one, at) => complete(run, one, inside, [...path, at], name)));
  if (isNode(value)) {
    if (inside === null) throw new QueryError(`Field '${name}' must have a selection of subfields`);
    return await select(run, value, inside, path);
  }
  if (inside !== null && value !== null) throw new QueryError(`Field '${name}' has no subfields`);
  return value ?? null;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "fields" in value && "type" in value;
}

function plainOf(value: Value, variables: Args): unknown {
  switch (value.kind) {
    case "plain":
      return value.value;
    case "variable":
      if (!(value.name in variables)) throw new QueryError(`Variable $${value.name} is not declared`);
      return variables[value.name] ?? null;
    case "list":
      return value.items.map((item) => plainOf(item, variables));
    case "object":
      return Object.fromEntries(
        Object.entries(value.fields).map(([name, one]) => [name, plainOf(one, variables)]),
      );
  }
}
