/** The page about the configuration explains every key where it belongs, with its default, and no other key. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { configJsonSchema } from "../../../daemon/config/schema.ts";
import type { JsonSchema } from "../../../system/config/sentences.ts";

interface Key {
  /** The root under which it stands; `The top` for the roots themselves. */
  readonly root: string;
  /** The mapping in which it stands: the last word of its path. */
  readonly parent: string;
  readonly name: string;
  readonly schema: JsonSchema;
}

interface Row {
  /** Names that the first cell tells. */
  readonly names: readonly string[];
  /** The mapping that the head of the table names (`in \`start\``), if it does. */
  readonly inside: string | null;
  readonly standard: string;
  readonly text: string;
}

interface Section {
  readonly heading: string;
  readonly text: string;
  readonly rows: readonly Row[];
}

const PAGE = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
const SECTIONS = PAGE.split(/^## /m).slice(1).map(readSection);
const KEYS = keysOf(configJsonSchema(), "The top", "The top");

function readSection(text: string): Section {
  const rows: Row[] = [];
  let inside: string | null = null;
  for (const line of text.split("\n")) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!line.startsWith("| ")) continue;
    const [, first = "", standard = ""] = cells;
    if (standard === "default") inside = codesOf(first)[0] ?? null;
    else rows.push({ names: codesOf(first), inside, standard, text: line });
  }
  return { heading: text.split("\n")[0] ?? "", text, rows };
}

function codesOf(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function keysOf(
  { properties = {}, additionalProperties, items, anyOf = [] }: JsonSchema,
  root: string,
  parent: string,
): Key[] {
  const own = Object.entries(properties).flatMap(([name, schema]) => {
    const under = root === "The top" ? name : root;
    return [{ root, parent, name, schema }, ...keysOf(schema, under, name)];
  });
  const others = typeof additionalProperties === "object" ? keysOf(additionalProperties, root, parent) : [];
  const shapes = anyOf.flatMap((shape) => keysOf(shape, root, parent));
  return [...own, ...others, ...shapes, ...(items === undefined ? [] : keysOf(items, root, parent))];
}

function sectionOf(root: string): Section | undefined {
  return SECTIONS.find(({ heading }) => heading === root || codesOf(heading).includes(root));
}

/** A key that only holds others may be told in words; the others stand in tables. */
function isMapping({ properties, additionalProperties, items }: JsonSchema): boolean {
  return (
    properties !== undefined || typeof additionalProperties === "object" || items?.properties !== undefined
  );
}

test("docs/configuration.md explains every key", () => {
  const missing = new Set(KEYS.map(({ name }) => name).filter((name) => !PAGE.includes(`\`${name}\``)));
  assert.deepEqual([...missing], []);
});

test("every key stands in a table of its own section", () => {
  const missing = KEYS.filter(({ root, name, schema }) => {
    const section = sectionOf(root);
    const told = isMapping(schema) ? [section?.text ?? ""] : (section?.rows.map(({ text }) => text) ?? []);
    return !told.some((text) => text.includes(`\`${name}\``));
  });
  assert.deepEqual(
    missing.map(({ root, parent, name }) => `${root}: ${parent}.${name}`),
    [],
  );
});

test("no table explains a key that is not there", () => {
  const roots = new Set([
    "The top",
    ...KEYS.filter(({ root }) => root === "The top").map(({ name }) => name),
  ]);
  const stale = SECTIONS.flatMap(({ heading, rows }) => {
    const own = [heading, ...codesOf(heading)].filter((root) => roots.has(root));
    const known = KEYS.filter(({ root }) => own.includes(root)).map(({ name }) => name);
    const told = own.length === 0 ? [] : rows.flatMap(({ names }) => names);
    return told
      .filter((name) => !known.includes(name.split(".").at(-1) ?? ""))
      .map((name) => `${heading}: ${name}`);
  });
  assert.deepEqual(stale, []);
});

test("every default that a table tells is the one that is filled in", () => {
  let compared = 0;
  const wrong = KEYS.flatMap(({ root, parent, name, schema }) => {
    const value = schema.default;
    if (value === undefined || typeof value === "object") return [];
    const rows = (sectionOf(root)?.rows ?? []).filter(({ names }) => names.includes(name));
    const row = rows.find(({ inside }) => inside === parent) ?? rows.find(({ inside }) => inside === null);
    if (row === undefined) return [];
    compared += 1;
    return codesOf(row.standard).includes(String(value))
      ? []
      : [`${root}: ${parent}.${name} is ${String(value)}`];
  });
  assert.deepEqual(wrong, []);
  assert.ok(compared >= 15, `only ${compared} were found in tables`);
});
