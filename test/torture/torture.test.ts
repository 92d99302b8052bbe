/** The torture as a test: 15 cycles. `npm run torture` goes on for as long as one likes. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

function torture(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.on("close", (code) => resolve({ code, said }));
  });
}

test("I1–I9, A12–A16: 15 cycles of kills, freezes, full disks and reused pids lose, double and leave nothing", async () => {
  const { code, said } = await torture("--cycles", "15", "--seed", "7", "--settle", "0");
  assert.equal(code, 0, said);
  assert.match(said, /cycles 15, seed 7, .*: 0 lost, 0 doubled, 0 zombies, 0 strays\n$/);
});

test("I14, I16: so do 4 cycles with every agent in a sandbox", { skip: NO_SANDBOX }, async () => {
  const { code, said } = await torture(
    ...["--cycles", "4", "--seed", "11", "--settle", "0", "--isolation", "sandbox"],
  );
  assert.equal(code, 0, said);
  assert.match(said, /cycles 4, seed 11, .*: 0 lost, 0 doubled, 0 zombies, 0 strays\n$/);
});
