/**
 * What may become an argument of an agent's program (I13). A value goes behind its flag's `=`, where the program takes
 * that, so that it is no flag itself; and it is checked by a pattern wherever it comes from an agent's output.
 */

/** Names of sessions: no path, no address, no flag. */
export const SESSION_NAME: RegExp = /^[A-Za-z0-9][\w-]{0,127}$/;

/** `--flag=value`, or nothing where there is no value. */
export function option(flag: string, value: string | null): readonly string[] {
  return value === null ? [] : [`${flag}=${value}`];
}
