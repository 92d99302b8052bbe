/** The package as npm makes it, from a copy of this tree. */

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "..");
const run = promisify(execFile);

/** Node as the package promises to need it, first in the path: npm itself may run on an older one. */
export const NPM_ENV: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_TEST_CONTEXT: undefined,
  PATH: [join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
  npm_config_update_notifier: "false",
};
export const QUIET: readonly string[] = ["--no-audit", "--no-fund", "--loglevel=error"];

/** Answers the tarball. A `dist/` in the checkout is neither needed nor touched. */
export async function packInto(folder: string): Promise<string> {
  const copy = join(folder, "tree");
  const leftOut = ["node_modules", "dist", ".git", "test", "bench"];
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => !leftOut.some((name) => path === join(ROOT, name)),
  });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await run("npm", ["pack", "--pack-destination", folder, ...QUIET], { env: NPM_ENV, cwd: copy });
  const name = readdirSync(folder).find((entry) => entry.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack wrote no tarball");
  return join(folder, name);
}

/** Answers the folder of what is in the tarball. The packages of this checkout lie beside it, as after an install. */
export async function unpackInto(folder: string, tarball: string): Promise<string> {
  const packages = join(folder, "node_modules");
  mkdirSync(packages);
  await run("tar", ["-xzf", tarball, "-C", packages]);
  renameSync(join(packages, "package"), join(packages, "chargehand"));
  for (const name of readdirSync(join(ROOT, "node_modules")))
    symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  return join(packages, "chargehand");
}
