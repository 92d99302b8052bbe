/**
 * What one room adds to `chargehand.yaml`: its keys, what the house makes of them, and what they mean for other keys.
 *
 * A part is data without a daemon around it, so that the room that needs a key may keep it; `daemon/config/config.ts`
 * lists them all, and everything else about the file (the schema, the plain types, the problems, what is secret, what
 * needs a restart) is derived from that list. A key without a row in `docs/configuration.md` fails a test.
 */

import type { z } from "zod";

/**
 * The mappings of the file that are open: any part may put keys into them. `[]` stands for each item of a list and `*`
 * for each name of a mapping; the file itself is the empty text.
 */
export const PLACES = [
  "",
  "server",
  "limits",
  "retention",
  "sources",
  "accounts.*",
  "agents.*",
  "projects[]",
  "projects[].start",
  "projects[].trust",
  "notify[]",
] as const;

export type Place = (typeof PLACES)[number];

export interface ConfigPart {
  readonly keys: Readonly<Partial<Record<Place, Keys>>>;
  /** Places that this part opens, and what stands around the mapping there: a list, a default. */
  readonly opens?: Readonly<Partial<Record<Place, (mapping: z.ZodObject) => z.ZodType>>>;
  readonly rules?: readonly Rule[];
  /** Patterns of keys that are secrets, such as `sources.*.token`: they may be `file:PATH`, and are never logged. */
  readonly secrets?: readonly string[];
  /** Patterns of mappings of variables: those whose names sound like it are secrets, too. */
  readonly environments?: readonly string[];
}

/** Keys that stand in one mapping. */
export interface Keys<Shape extends z.ZodRawShape = z.ZodRawShape, Made extends object = object> {
  readonly shape: Shape;
  /** What the house makes of them; it becomes a piece of `Config`, of an `AgentProfile`, of a `Project`. Pure. */
  make(parsed: z.output<z.ZodObject<Shape>>, around: Around): Made;
  /** The key before which they stand in the schema; without it they come last. */
  readonly before?: string;
  /** Of these, a new value waits for a restart: the key, and the field that is made of it. */
  readonly restart?: Readonly<Record<string, string>>;
}

/** Has the types of `shape` known to `make`. */
export function keys<Shape extends z.ZodRawShape, Made extends object>(
  shape: Shape,
  make: (parsed: z.output<z.ZodObject<Shape>>, around: Around) => Made,
  more: Pick<Keys, "before" | "restart"> = {},
): Keys<Shape, Made> {
  return { shape, make, ...more };
}

/** What stands around the keys. */
export interface Around {
  /** Relative paths of the file are relative to this folder, which is absolute. */
  readonly folder: string;
  /** The name of the entry, where the place is one of many by name; else empty. */
  readonly name: string;
  /** `limits.concurrency`, which projects have where they say nothing. */
  readonly concurrency: number;
}

/**
 * What keys mean for one another. A rule reads the tree as it was written, and says nothing about what the schema
 * refuses anyway, so that a file with both kinds of problems shows both at once. Pure.
 */
export type Rule = (file: ConfigTree) => readonly Fault[];

export interface ConfigTree {
  /**
   * The mappings at a place such as `agents.*` or `sources.plane`. Of one that is not there, or is something else, the
   * fields are empty; names and items that are not there are no entries.
   */
  at(place: string): readonly Entry[];
  /** The fields of the only mapping at a place without `*` and `[]`. */
  fields(place: string): Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Entry {
  readonly path: ConfigPath;
  /** The last step of the path: a name, or the number of an item as text. */
  readonly name: string;
  readonly fields: Fields;
}

/** Steps from the root to a value: keys and indices. */
export type ConfigPath = readonly (string | number)[];

export interface Fault {
  readonly path: ConfigPath;
  readonly message: string;
  /** What the line of the problem shows: the value (default), or the key itself. */
  readonly at?: "key" | "value";
}
