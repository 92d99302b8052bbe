/**
 * Schemas without their combinations: references, `allOf`, `anyOf`, `oneOf`, `if` and their kin become plain schemas,
 * one for each way to fulfil them. Not all of a schema can be said so; whoever uses them checks what comes of it.
 */

export type Node = Readonly<Record<string, unknown>>;

/** Ways to fulfil one schema that are looked at. */
const WAYS_MAX = 24;
/** References and combinations one within the other. */
const DEPTH_MAX = 24;

/** @param root in which references lead somewhere */
export function waysOf(node: unknown, root: Node, depth = 0): readonly Node[] {
  if (node === true) return [{}];
  if (!isNode(node) || depth > DEPTH_MAX) return [];
  const { $ref, $dynamicRef, allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...own } = node;
  const inner = (one: unknown): readonly Node[] => waysOf(one, root, depth + 1);
  const each = (several: unknown): readonly Node[] => {
    if (!Array.isArray(several)) return [{}];
    const all: readonly unknown[] = several;
    return all.flatMap(inner);
  };
  let ways: readonly Node[] = [own];
  const meet = (others: readonly Node[]): void => {
    const pairs = ways.flatMap((way) => others.map((other) => merged(way, other)));
    ways = pairs.filter((way) => way !== null).slice(0, WAYS_MAX);
  };
  for (const reference of [$ref, $dynamicRef])
    if (typeof reference === "string") meet(inner(lookUp(reference, root)));
  if (Array.isArray(allOf)) for (const one of allOf) meet(inner(one));
  meet(each(anyOf));
  meet(each(oneOf));
  if (condition !== undefined) {
    const fulfilled = inner({ allOf: [condition, then ?? true] });
    meet([...inner(otherwise ?? true), ...fulfilled]);
  }
  return ways;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a reference within the schema leads to; `undefined` for one that leads nowhere. */
function lookUp(reference: string, root: Node): unknown {
  if (!reference.startsWith("#")) return undefined;
  const steps = decodeURIComponent(reference.slice(1)).split("/");
  if (steps[0] !== "") return anchored(root, steps[0] ?? "");
  let here: unknown = root;
  for (const step of steps.slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    here =
      isNode(here) || Array.isArray(here)
        ? Object.entries(here).find(([own]) => own === key)?.[1]
        : undefined;
  }
  return here;
}

function anchored(value: unknown, name: string): unknown {
  if (isNode(value) && (value["$anchor"] === name || value["$dynamicAnchor"] === name)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const inside of Object.values(value)) {
    const found = anchored(inside, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `null` where nothing can be both. */
function merged(one: Node, other: Node): Node | null {
  const both: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = one[key];
    const together = before === undefined ? value : combined(key, before, value);
    if (together === null) return null;
    both[key] = together;
  }
  return both;
}

const LARGER = /^(exclusiveMinimum|minimum|min[A-Z]\w*)$/;
const SMALLER = /^(exclusiveMaximum|maximum|max[A-Z]\w*)$/;
const OF_PARTS = ["properties", "patternProperties", "dependentRequired", "dependentSchemas", "$defs"];
const OF_SCHEMAS = ["items", "contains", "additionalProperties", "propertyNames", "unevaluatedProperties"];

/** `null` where nothing fits both values of a keyword. */
function combined(key: string, one: unknown, other: unknown): unknown {
  if (typeof one === "number" && typeof other === "number") {
    if (LARGER.test(key)) return Math.max(one, other);
    if (SMALLER.test(key)) return Math.min(one, other);
  }
  if (key === "required") return [...new Set([one, other].flat())];
  if (key === "enum" || key === "type") {
    const shared = [one].flat().filter((value) => [other].flat().some((also) => isSame(key, value, also)));
    return shared.length === 0 ? null : shared;
  }
  if (key === "const") return JSON.stringify(one) === JSON.stringify(other) ? one : null;
  if (OF_SCHEMAS.includes(key)) return one === false || other === false ? false : { allOf: [one, other] };
  if (OF_PARTS.includes(key) && isNode(one) && isNode(other)) {
    const parts = Object.entries(other).map(([name, part]) => {
      const before = one[name];
      return [name, before === undefined ? part : { allOf: [before, part] }];
    });
    return { ...one, ...Object.fromEntries(parts) };
  }
  return other;
}

function isSame(key: string, one: unknown, other: unknown): boolean {
  if (key === "type" && [one, other].includes("integer") && [one, other].includes("number"))
    return one === "integer";
  return JSON.stringify(one) === JSON.stringify(other);
}
