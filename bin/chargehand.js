#!/usr/bin/env -S node --max-semi-space-size=2
/**
 * The `chargehand` command: the sources in a checkout, the compiled program in an installed package.
 *
 * A small young generation keeps an idle daemon small; it makes garbage slowly and collects it quickly.
 * The compile cache keeps what V8 and the type stripper made of them, so that the next start is quicker and smaller.
 *
 * What stands here must parse and run on a Node that is too old for the rest (12.20 and later), because it has to say
 * so; and `--version` needs no more than that. Streams are not used: opening one takes a quarter of the start.
 */

import { existsSync, readFileSync, writeSync } from "node:fs";
import module from "node:module";

const { engines, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const args = process.argv.slice(2);

if (isOlder(process.versions.node, engines.node)) {
  const found = `${process.versions.node} (${process.execPath})`;
  const remedy = "install a newer one, or put it first in the PATH";
  writeSync(
    2,
    `chargehand needs Node ${engines.node.replace(">=", "")} or later and got ${found}: ${remedy}\n`,
  );
  process.exitCode = 2;
} else if (args.length === 1 && args[0] === "--version") {
  writeSync(1, `${version}\n`);
} else {
  module.enableCompileCache();
  const source = new URL("../cli/main.ts", import.meta.url);
  void import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
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
