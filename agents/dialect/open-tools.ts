/** Ids of the tool calls that a program has begun and not ended, the newest last. */

/** More at once are not told apart. */
const TOOLS_MAX = 64;

export type OpenTools = readonly string[];

/** An id that is begun again is the same call. */
export function beginTools(open: OpenTools, ...ids: readonly string[]): OpenTools {
  return [...open.filter((id) => !ids.includes(id)), ...ids].slice(-TOOLS_MAX);
}

export function endTools(open: OpenTools, ...ids: readonly string[]): OpenTools {
  return open.filter((id) => !ids.includes(id));
}
