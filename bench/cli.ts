/**
 * `bench cli`: what a command takes of the processor, beside a bare `node -e 0`: installed as a package, and in a
 * checkout. The commands find a running daemon as a user's do, by the data directory that a configuration names.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { packInto, unpackInto } from "../test/pack.ts";
import { addressesOf, endDaemon, startDaemon } from "./daemon.ts";
import { type Figure, quantile } from "./figures.ts";

const CHECKOUT = join(import.meta.dirname, "..");
const ROUNDS = 9;
const ROUNDS_QUICK = 1;
const TASKS = 20;
/** Of the task that `task` and `explain` are about. */
const KEY = "SHOP-1";

/** At most so many times a bare Node, as a package; a checkout may take half as much again. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly atMost: number }[] = [
  { args: ["--version"], atMost: 2 },
  { args: ["--help"], atMost: 2 },
  { args: ["status"], atMost: 4 },
  { args: ["tasks"], atMost: 4 },
  { args: ["task", KEY], atMost: 4 },
  { args: ["runs"], atMost: 4 },
  { args: ["explain", KEY], atMost: 4 },
];
const CHECKOUT_FACTOR = 1.5;

interface Measured {
  readonly what: string;
  readonly argv: readonly string[];
  readonly atMost: number;
  readonly times: number[];
}

export async function cliBench(isQuick: boolean): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const installed = await unpackInto(folder, await packInto(folder));
    setUp(folder);
    const { daemon } = await startDaemon(folder);
    try {
      await fill(folder);
      return measure(folder, installed, isQuick ? ROUNDS_QUICK : ROUNDS);
    } finally {
      await endDaemon(daemon, "SIGTERM");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Each of them in turn, round by round, so that a busy moment of the machine strikes all. */
function measure(folder: string, installed: string, rounds: number): readonly Figure[] {
  const bare: Measured = { what: "bare node", argv: [process.execPath, "-e", "0"], atMost: 1, times: [] };
  const commands = [
    ...measuredIn(installed, "installed", 1),
    ...measuredIn(CHECKOUT, "in a checkout", CHECKOUT_FACTOR),
  ];
  // The first time fills the compile cache.
  for (const { argv } of commands) processorMs(argv, folder);
  for (let round = 0; round < rounds; round += 1)
    for (const { argv, times } of [bare, ...commands]) times.push(processorMs(argv, folder));
  const unit = quantile(bare.times, 0.5);
  return [
    { what: "a bare `node -e 0`", value: unit, unit: "ms of processor" },
    ...commands.map(({ what, atMost, times }): Figure => {
      return { what, value: quantile(times, 0.5) / unit, unit: "× bare node", atMost };
    }),
  ];
}

function measuredIn(home: string, where: string, factor: number): readonly Measured[] {
  return COMMANDS.map(({ args, atMost }) => ({
    what: `${args.join(" ")}, ${where}`,
    argv: [join(home, "bin/chargehand.js"), ...args],
    atMost: atMost * factor,
    times: [],
  }));
}

/** User and system time of a program that is found to work, in ms; bash's `time` knows it finely enough. */
function processorMs(argv: readonly string[], folder: string): number {
  const script = `TIMEFORMAT='%3U %3S'; time "$@" 2> "$ERRORS"`;
  const env = {
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    // Where the command keeps what Node has compiled.
    HOME: folder,
    LC_ALL: "C",
    CHARGEHAND_CONFIG: join(folder, "chargehand.yaml"),
    ERRORS: join(folder, "errors"),
  };
  const ended = spawnSync("bash", ["-c", script, "bash", ...argv], { encoding: "utf8", env, cwd: folder });
  const [user, system] = (ended.stderr ?? "").trim().split(" ").map(Number);
  const failed = ended.error !== undefined || ended.status !== 0;
  if (failed || user === undefined || system === undefined || Number.isNaN(user + system)) {
    const why = ended.error?.message ?? readFileSync(env.ERRORS, "utf8").trim();
    throw new Error(`${argv.join(" ")} ended with ${ended.status}: ${why}`);
  }
  return (user + system) * 1_000;
}

/** There is something to show, and nothing to do: the only project's repository cannot be reached. */
function setUp(folder: string): void {
  writeFileSync(
    join(folder, "chargehand.yaml"),
    `data_dir: ${join(folder, "data")}
isolation: none
server: { webhooks: { port: 0 }, admin: { port: 0 } }
sources: { github: { secret: bench-secret } }
agents: { nobody: { backend: command, argv: [/bin/true] } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: /nowhere.git, base_branch: main, agent: nobody, publish: none }
`,
  );
}

async function fill(folder: string): Promise<void> {
  const { admin_url: url } = addressesOf(folder);
  const token = readFileSync(join(folder, "data", "admin-token"), "utf8").trim();
  for (let number = 1; number <= TASKS; number += 1) {
    const answer = await fetch(`${url}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ project: "shop", title: `Task ${number}, which has a title as tasks have it` }),
    });
    if (!answer.ok) throw new Error(`a task was refused: ${answer.status} ${await answer.text()}`);
  }
}
