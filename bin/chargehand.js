#!/usr/bin/env -S node --max-semi-space-size=2 --disable-sigusr1
/**
 * The `chargehand` command: the sources in a checkout, the compiled program in an installed package.
 *
 * At SIGUSR1 Node would open a debugger, through which another user could read every secret of the daemon: the option
 * forbids it from the first moment, and a listener where somebody else has chosen the options.
 *
 * A small young generation keeps an idle daemon small; it makes garbage slowly and collects it quickly.
 * The compile cache keeps what V8 and the type stripper made of them, so that the next start is quicker and smaller. It
 * is a folder of the user's own: in Node's usual one below /tmp, whoever comes first shuts out all others, and whoever
 * comes before us could lay code there for us to run.
 *
 * What stands here must parse and run on a Node that is too old for the rest (12.20 and later), because it has to say
 * so. What needs no more than that is answered here, too: the version, and in a package the help, which the build wrote
 * down. Streams are not used: opening one takes a tenth of the start.
 */

import { existsSync, fstatSync, readFileSync, writeFileSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

process.on("SIGUSR1", () => {});

const inPackage = (path) => new URL(`../${path}`, import.meta.url);
const { engines, version } = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
const isCheckout = existsSync(inPackage("cli/main.ts"));
const [first, ...rest] = process.argv.slice(2);
const asksOnly = (...names) => names.includes(first) && rest.length === 0;

if (isOlder(process.versions.node, engines.node)) {
  const found = `${process.versions.node} (${process.execPath})`;
  const remedy = "install a newer one, or put it first in the PATH";
  say(2, `chargehand needs Node ${engines.node.replace(">=", "")} or later and got ${found}: ${remedy}\n`);
  process.exitCode = 2;
} else if (asksOnly("--version", "-V")) {
  say(1, `${version}\n`);
} else if (asksOnly("--help", "-h") && !isCheckout && !isNarrow()) {
  say(1, readFileSync(inPackage("dist/cli/help.txt"), "utf8"));
} else if (process.pid === 1 && first === "serve" && process.execve) {
  // In a container: orphans of agents are process 1's to reap, and Node reaps its own children only.
  const own = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve("/bin/sh", ["sh", fileURLToPath(inPackage("bin/first-process.sh")), ...own], process.env);
} else {
  const { HOME, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  // With $NODE_COMPILE_CACHE, Node has done it already.
  if (caches && !NODE_COMPILE_CACHE) module.enableCompileCache(`${caches}/chargehand`);
  void import(inPackage(isCheckout ? "cli/main.ts" : "dist/cli/main.js").href);
}

/** A terminal that the help, written down 100 columns wide as `cli/program.ts` makes it, does not fit. */
function isNarrow() {
  return fstatSync(1).isCharacterDevice() && process.stdout.columns < 100;
}

/** A reader that has gone away (`chargehand --help | true`) has enough, and that is no error of ours. */
function say(descriptor, text) {
  try {
    writeFileSync(descriptor, text);
  } catch (error) {
    if (error.code !== "EPIPE") throw error;
  }
}

/** `needed` is written as in package.json: `>=22.19`. */
function isOlder(version, needed) {
  const [major, minor] = numbersOf(version);
  const [majorNeeded, minorNeeded] = numbersOf(needed);
  return major < majorNeeded || (major === majorNeeded && minor < minorNeeded);
}

function numbersOf(version) {
  return version.replace(/^\D+/, "").split(".").map(Number).concat(0);
}
