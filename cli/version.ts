/** The version of this program, out of its `package.json`: one folder up in a checkout, two in the compiled package. */

import { existsSync, readFileSync } from "node:fs";
import { object, text } from "./decoder.ts";

/** Read past `system/`: the file is part of the program's text, like an import, and not of the world. */
export function readVersion(): string {
  const file = ["../package.json", "../../package.json"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (file === undefined) throw new Error("the package.json of chargehand is missing: install it anew");
  return object({ version: text })(JSON.parse(readFileSync(file, "utf8")), "package.json").version;
}
