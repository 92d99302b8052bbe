/**
 * Shapes: what a JSON value must look like, and the value read as that. The types of answers are those of their shapes.
 *
 * A library for this would take longer to load than the command takes to ask and to print.
 */

/** Gives back the value, or ends with a {@link Misfit}. `where` is the path to the value, for that complaint. */
export type Shape<T> = (value: unknown, where: string) => T;

export type Shaped<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;

class Misfit extends Error {}

export type Fitted<T> =
  | { readonly kind: "fits"; readonly value: T }
  /** Such as `runs.0.id: must be a text`. */
  | { readonly kind: "misfit"; readonly why: string };

export function fit<T>(shape: Shape<T>, value: unknown): Fitted<T> {
  try {
    return { kind: "fits", value: shape(value, "") };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { kind: "misfit", why: error.message };
  }
}

export const text: Shape<string> = (value, where) =>
  typeof value === "string" ? value : complain(where, "must be a text");

export const number: Shape<number> = (value, where) =>
  typeof value === "number" ? value : complain(where, "must be a number");

export const anything: Shape<unknown> = (value) => value;

/** What is missing and what is `null` are the same: nothing. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, where) => (value === undefined || value === null ? null : shape(value, where));
}

/** What an older daemon does not tell. */
export function orElse<T>(shape: Shape<T>, fallback: T): Shape<T> {
  return (value, where) => (value === undefined ? fallback : shape(value, where));
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, where) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => shape(item, below(where, String(index))))
      : complain(where, "must be a list");
}

export function recordOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, where) => {
    const entries = entriesOf(value, where).map(([key, item]) => [key, shape(item, below(where, key))]);
    return Object.fromEntries(entries);
  };
}

/** Fields that are not named are left out: a newer daemon may say more. */
export function object<F extends Fields>(fields: F): Shape<{ readonly [K in keyof F]: Shaped<F[K]> }> {
  return (value, where) => {
    const given = new Map(entriesOf(value, where));
    const read = Object.entries(fields).map(([key, shape]) => [
      key,
      shape(given.get(key), below(where, key)),
    ]);
    return Object.fromEntries(read) as { readonly [K in keyof F]: Shaped<F[K]> };
  };
}

/**
 * An answer of our own daemon, whose type is the API's. The fields that are named here must fit their shapes; what else
 * it has is believed, and what an older daemon does not tell is missing.
 */
export function answer<T extends object>(): <N extends { readonly [F in keyof T]?: Shape<unknown> }>(
  needed: N,
) => Shape<Told<T, N>> {
  return (needed) => (value, where) => {
    const given = new Map(entriesOf(value, where));
    for (const [key, shape] of Object.entries<Shape<unknown> | undefined>(needed))
      if (shape !== undefined) given.set(key, shape(given.get(key), below(where, key)));
    return Object.fromEntries(given) as Told<T, typeof needed>;
  };
}

type Told<T, N> = Partial<Omit<T, keyof N>> & { readonly [F in keyof N]: Shaped<N[F]> };

function entriesOf(value: unknown, where: string): readonly [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : complain(where, "must be an object");
}

function below(where: string, key: string): string {
  return where === "" ? key : `${where}.${key}`;
}

function complain(where: string, what: string): never {
  throw new Misfit(where === "" ? what : `${where}: ${what}`);
}
