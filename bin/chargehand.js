#!/usr/bin/env -S node --max-semi-space-size=2
/**
 * The `chargehand` command: the sources in a checkout, the compiled program in an installed package.
 *
 * A small young generation keeps an idle daemon small; it makes garbage slowly and collects it quickly.
 * The compile cache keeps what V8 and the type stripper made of them, so that the next start is quicker and smaller.
 */

import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";

enableCompileCache();
const source = new URL("../cli/main.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
