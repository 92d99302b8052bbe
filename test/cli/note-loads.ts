/** Given to Node by `--import`: notes the modules that are loaded, those of Node too, in the file named by `$LOADS`. */

import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on("exit", () => {
  // Undocumented, and the only place that tells which of its own modules Node has loaded.
  const internal: unknown = Object.getOwnPropertyDescriptor(process, "moduleLoadList")?.value;
  const names = Array.isArray(internal) ? internal.map(String) : [];
  writeFileSync(process.env["LOADS"] ?? "", [...loaded, ...names].join("\n"));
});
