/** Node's cache of compiled code, which the command asks for at its start (`bin/chargehand.js`). */

import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/** The folder that other processes are told, too (`NODE_COMPILE_CACHE`); `undefined` where this one has none. */
export function codeCache(): string | undefined {
  const folder = getCompileCacheDir();
  return folder === undefined ? undefined : dirname(folder);
}
