/**
 * `npm run torture -- --cycles N [--seed S] [--isolation sandbox]`, `--chat`, or `--forge [--seeds N] [--seed S]
 * [--circle github|plane] [--writes]`: a real daemon under real faults. The same seed plans the same deliveries, agents
 * and faults; when each of them meets a process is real timing, so a failure may take several replays.
 *
 * Where it may (root on Linux), it goes into a namespace of pids and mounts of its own: there a pid can be used again
 * on purpose, a disk can be full, and nothing is left behind whatever happens.
 */

import { spawn, spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { tortureChats } from "./chats.ts";
import { circlesOf, tortureForges } from "./forge.ts";
import { torture } from "./torture.ts";

/** Enters the namespace; part of util-linux. */
const UNSHARE = "unshare";
const INSIDE = "CHARGEHAND_TORTURE_INSIDE";
/** `sh` is process 1 and reaps orphans; without a command behind the first it would become Node itself. */
const NAMESPACE = ["--pid", "--fork", "--mount-proc", "--kill-child", "/bin/sh", "-c", '"$@"; exit $?', "sh"];

const { values } = parseArgs({
  options: {
    cycles: { type: "string" },
    seed: { type: "string" },
    settle: { type: "string" },
    isolation: { type: "string" },
    chat: { type: "boolean", default: false },
    forge: { type: "boolean", default: false },
    seeds: { type: "string" },
    circle: { type: "string" },
    writes: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 100_000));
const cycles = Number(values.cycles ?? 100);
/** Long enough for most back-offs of a job that met several faults. */
const settleMs = Number(values.settle ?? 60) * 1_000;
const isolation = isolationOf(values.isolation);

if (values.chat) {
  const wrong = await tortureChats(seed, (line) => process.stdout.write(`${line}\n`));
  process.exitCode = wrong === 0 ? 0 : 1;
} else if (values.forge) {
  const circles = circlesOf(values.circle);
  const what = { seed, seeds: Number(values.seeds ?? 5), circles, isAtWrites: values.writes };
  const wrong = await tortureForges(what, (line) => process.stdout.write(`${line}\n`));
  process.exitCode = wrong === 0 ? 0 : 1;
} else if (process.env[INSIDE] === undefined && canUnshare()) {
  const inside = spawn(
    UNSHARE,
    [...NAMESPACE, process.execPath, ...process.execArgv, ...process.argv.slice(1), "--seed", String(seed)],
    {
      stdio: "inherit",
      env: { ...process.env, [INSIDE]: "yes" },
    },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => inside.kill("SIGKILL"));
  process.exitCode = await new Promise<number>((resolve) => inside.on("exit", (code) => resolve(code ?? 1)));
} else {
  process.exitCode = await run();
}

function isolationOf(word = "none"): "none" | "sandbox" {
  if (word === "none" || word === "sandbox") return word;
  throw new Error(`--isolation takes none or sandbox, not ${word}`);
}

function canUnshare(): boolean {
  return (
    process.getuid?.() === 0 && spawnSync(UNSHARE, ["--pid", "--fork", "--mount-proc", "true"]).status === 0
  );
}

async function run(): Promise<number> {
  const began = performance.now();
  const canChoosePids = process.env[INSIDE] !== undefined;
  const { found, figures } = await torture({ seed, cycles, settleMs, canChoosePids, isolation }, (line) => {
    process.stdout.write(`${line}\n`);
  });
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  if (found !== "") {
    process.stdout.write(
      `${found}\n\n${figures}; ${seconds} s: FAILED, replay with --seed ${seed} --isolation ${isolation}\n`,
    );
    return 1;
  }
  process.stdout.write(`${figures}; ${seconds} s: 0 lost, 0 doubled, 0 zombies, 0 strays\n`);
  return 0;
}
