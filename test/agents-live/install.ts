/**
 * The programs themselves, from the registry that npm is set to, at the versions of `versions.json`, into a cache
 * outside the repository. What is there already is taken as it is.
 *
 * N1. No install script runs. Where a package would only link its platform's binary by one, that binary is started.
 * N2. npm runs on the Node that runs this: on an older one it silently picks older versions whose `engines` fit.
 * N3. A program appears in the cache whole or not at all: it is installed beside and renamed.
 * N4. What cannot be installed is told with npm's own words, and is no failure of a test.
 */

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseFields, textAt } from "../../agents/dialect/fields.ts";
import versions from "./versions.json" with { type: "json" };

const INSTALL_MS = 10 * 60_000;

export type ProgramName = keyof typeof versions;

export type Installed =
  | { readonly kind: "ready"; readonly version: string; readonly program: string }
  | { readonly kind: "missing"; readonly why: string };

/** @param cache directory that anybody may read; made when it is not there */
export async function install(name: ProgramName, cache: string): Promise<Installed> {
  const { package: from, version, program } = versions[name];
  const home = `${cache}/${name}-${version}`;
  const start = `${home}/${program.replace("PLATFORM", `${process.platform}-${process.arch}`)}`;
  if (!existsSync(start)) {
    const why = await npmInstall(`${from}@${version}`, home);
    if (why !== null) return { kind: "missing", why };
    if (!existsSync(start)) return { kind: "missing", why: `${from} has no program for this machine` };
  }
  const manifest = parseFields(readFileSync(`${home}/node_modules/${from}/package.json`, "utf8"));
  const found = manifest === null ? null : textAt(manifest, "version");
  if (found !== version) return { kind: "missing", why: `npm installed ${found}, not ${version}` };
  return { kind: "ready", version, program: start };
}

/** @returns why it could not, or `null` */
async function npmInstall(what: string, home: string): Promise<string | null> {
  const beside = `${home}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  writeFileSync(`${beside}/package.json`, '{"private":true}\n');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", what];
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` };
  const why = await new Promise<string | null>((resolve) => {
    execFile("npm", args, { cwd: beside, env, timeout: INSTALL_MS }, (error, _out, errors) =>
      resolve(error === null ? null : reasonIn(errors, error.message)),
    );
  });
  if (why === null) {
    rmSync(home, { recursive: true, force: true });
    renameSync(beside, home);
  }
  rmSync(beside, { recursive: true, force: true });
  return why;
}

/** npm says what is wrong in the lines that begin with `npm error`. */
function reasonIn(errors: string, otherwise: string): string {
  const lines = errors.split("\n").filter((line) => /^npm error \S/.test(line));
  const told = lines.slice(0, 2).map((line) => line.replace("npm error ", ""));
  return told.length === 0 ? otherwise.split("\n", 1).join() : told.join("; ");
}
