/**
 * What a schema asks of one and the same value: its `$ref`s, `allOf`s, `anyOf`s and their kin, followed from each place
 * in it. Two kinds of schemas have to be found here, because a check by them would never end:
 *
 * E1. One that refers to itself without going into a property or an item: every value leads round in a circle.
 * E2. One whose parts each refer twice to the next: twenty of them are a million checks of one value.
 *
 * References with a base of their own (`$id` within a schema) are not followed: what they hide ends with the time
 * limit of the check.
 */

import { shown } from "./shown.ts";

const CHECKS_MAX = 10_000;

const LISTS = ["allOf", "anyOf", "oneOf"] as const;
const SINGLES = ["not", "if", "then", "else"] as const;

type Node = Readonly<Record<string, unknown>>;

/** The rest of a sentence that begins with the schema; `null` when all is well. @param schema bounded JSON */
export function entanglement(schema: Node): string | null {
  const nodes = nodesOf(schema);
  const anchors = new Map(nodes.flatMap((node) => anchorsOf(node).map((name) => [name, node] as const)));
  const checks = new Map<Node, number>();
  const open = new Set<Node>();
  let circle: Node | null = null;
  const count = (node: Node): number => {
    const known = checks.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) {
      circle ??= node;
      return 1;
    }
    open.add(node);
    const all = sameValue(schema, anchors, node).reduce((sum, next) => sum + count(next), 1);
    open.delete(node);
    checks.set(node, all);
    return all;
  };
  const most = nodes.reduce((sum, node) => Math.max(sum, count(node)), 0);
  if (circle !== null) return `${CIRCLE} (${referenceIn(circle)})`;
  return most > CHECKS_MAX ? UNFOLDS : null;
}

const CIRCLE =
  'refers to itself in a circle, so that no check of it would end: let a "$ref" lead back only from within a property or an item';
const UNFOLDS = `unfolds into more than ${CHECKS_MAX.toLocaleString("en")} checks of one value: refer to each part once`;

function referenceIn(node: Node): string {
  const reference = node["$ref"] ?? node["$dynamicRef"];
  return reference === undefined
    ? `a part with ${Object.keys(node).slice(0, 5).map(shown).join(", ")}`
    : `"$ref": ${shown(reference)}`;
}

function nodesOf(schema: Node): readonly Node[] {
  const found: Node[] = [];
  const left: unknown[] = [schema];
  while (left.length > 0) {
    const next = left.pop();
    if (isNode(next)) found.push(next);
    if (typeof next === "object" && next !== null) left.push(...Object.values(next));
  }
  return found;
}

function anchorsOf(node: Node): readonly string[] {
  return [node["$anchor"], node["$dynamicAnchor"]].filter((name) => typeof name === "string");
}

/** The parts that are asked about the value which this one is asked about. */
function sameValue(schema: Node, anchors: ReadonlyMap<string, Node>, node: Node): readonly Node[] {
  const references = [node["$ref"], node["$dynamicRef"]].map((name) => target(schema, anchors, name));
  const lists = LISTS.flatMap((name) => (Array.isArray(node[name]) ? node[name] : []));
  const { dependentSchemas } = node;
  const dependent = isNode(dependentSchemas) ? Object.values(dependentSchemas) : [];
  return [...references, ...lists, ...SINGLES.map((name) => node[name]), ...dependent].filter(isNode);
}

/** What a reference within the schema leads to. */
function target(schema: Node, anchors: ReadonlyMap<string, Node>, reference: unknown): unknown {
  if (typeof reference !== "string" || !reference.startsWith("#")) return null;
  const steps = decoded(reference.slice(1)).split("/");
  const [name = ""] = steps;
  if (name !== "") return anchors.get(name);
  let here: unknown = schema;
  for (const step of steps.slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    here =
      typeof here === "object" && here !== null
        ? Object.entries(here).find(([own]) => own === key)?.[1]
        : null;
  }
  return here;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
