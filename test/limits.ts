/** How long tests may take, so that one that hangs fails the run instead of stopping it. */

/** One test file. */
export const FILE_MS = 540_000;
/** All of them. */
export const WHOLE_MS = 3_000_000;
