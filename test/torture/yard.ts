/**
 * The ground of one torture: a scratch repository, a configuration, the books of the agents, and the data directory,
 * which is a small file system of its own where we may mount one, so that it can be full.
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET } from "../e2e/daemon-process.ts";
import type { Behaviour } from "./plan.ts";

const MIB = 1_048_576;
const PAGE = 4_096;
const MOUNT = "mount";
const REMOUNT_TRIES = 50;
const AGENT = new URL("./agent.sh", import.meta.url).pathname;
/** Runs that take longer are stopped; long enough for what is planned, short enough to see it happen. */
const TIMEOUT_S = 12;
export const CONCURRENCY = 4;

export interface Yard {
  readonly folder: string;
  readonly dataDir: string;
  readonly config: string;
  readonly remote: string;
  /** Whether the data directory is a file system that can be full. */
  readonly canFill: boolean;
  /** Everything the agents have noted, oldest first. */
  journal(): readonly string[];
  behave(task: string, behaviours: readonly Behaviour[]): void;
  git(...args: string[]): string;
  /** Leaves room for this much, in MiB; `null`: as much as in the beginning. */
  leaveRoom(mib: number | null): void;
  note(line: string): void;
  /** Takes all away; or, if there is something to find out, leaves a copy of what tells it. */
  close(keep: boolean): void;
}

export function layYard(cycles: number, isolation: "none" | "sandbox"): Yard {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-torture-"));
  const dataDir = join(folder, "data");
  const books = join(folder, "books");
  for (const name of ["data", "books", "books/locks", "books/plans", "books/starts"])
    mkdirSync(join(folder, name));
  writeFileSync(join(books, "journal"), "");
  const size = Math.round(96 + cycles / 2);
  const canFill = mount(dataDir, `size=${size}m,mode=0700`);
  const remote = makeRemote(folder);
  const config = join(folder, "chargehand.yaml");
  writeFileSync(config, configText(dataDir, remote, books, isolation));
  return {
    folder,
    dataDir,
    config,
    remote,
    canFill,
    journal: () => readFileSync(join(books, "journal"), "utf8").split("\n").slice(0, -1),
    behave: (task, behaviours) =>
      writeFileSync(join(books, "plans", task), behaviours.map(behaviourLine).join("")),
    git: (...args) => git(remote, ...args),
    leaveRoom(mib): void {
      const tries = mib === null ? 0 : REMOUNT_TRIES;
      const isSet = (bytes: number): boolean => remount(dataDir, Math.ceil(bytes / 1_024));
      if (mib === null && isSet(size * MIB)) return;
      // It cannot be made smaller than what is in it, which grows meanwhile.
      for (let n = 0; n < tries; n++) if (isSet(usedBytes(dataDir) + (mib ?? 0) * MIB + n * PAGE)) return;
      throw new Error(`${dataDir} cannot be made to hold ${mib} MiB more`);
    },
    note: (line) => appendFileSync(join(folder, "torture.log"), `${new Date().toISOString()} ${line}\n`),
    close(keep): void {
      if (keep) {
        for (const name of ["chargehand.db", "chargehand.db-wal", "runs"]) {
          if (existsSync(join(dataDir, name)))
            cpSync(join(dataDir, name), join(folder, "evidence", name), { recursive: true });
        }
      }
      if (canFill) run("umount", "--lazy", dataDir);
      if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function behaviourLine({ steps, pause, code, stray, temper }: Behaviour): string {
  return `${steps} ${pause} ${code} ${stray} ${temper}\n`;
}

function makeRemote(folder: string): string {
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  git(folder, "init", "--quiet", "--initial-branch=main", seed);
  writeFileSync(join(seed, "README.md"), "# Shop\n");
  git(seed, "add", "-A");
  git(seed, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "Begin");
  git(seed, "push", "--quiet", remote, "main");
  return remote;
}

/** Whether a tmpfs could be mounted there. */
function mount(directory: string, options: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    run(MOUNT, "-t", "tmpfs", "-o", options, "chargehand-torture", directory);
    return true;
  } catch (error) {
    process.stdout.write(`no tmpfs: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

function remount(directory: string, kib: number): boolean {
  return spawnSync(MOUNT, ["-o", `remount,size=${kib}k`, directory], { stdio: "ignore" }).status === 0;
}

function usedBytes(directory: string): number {
  const { blocks, bfree, bsize } = statfsSync(directory);
  return (blocks - bfree) * bsize;
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function configText(dataDir: string, remote: string, books: string, isolation: string): string {
  const argv = JSON.stringify(["/bin/sh", AGENT, books]);
  return `data_dir: ${dataDir}
server: { webhooks: { host: 127.0.0.1, port: 0 }, admin: { host: 127.0.0.1, port: 0 } }
limits: { concurrency: ${CONCURRENCY} }
isolation: ${isolation}
sources:
  github: { secret: ${SECRET} }
agents:
  tortured: { backend: command, argv: ${argv}, prompt: stdin, timeout: ${TIMEOUT_S}s, max_attempts: 3, mounts: [{ path: ${books}, mode: rw }] }
projects:
  - name: shop
    prefix: SHOP
    repo: acme/shop
    clone_url: ${remote}
    base_branch: main
    agent: tortured
    publish: branch
    start: { labels: [agent], commands: [/agent] }
`;
}
