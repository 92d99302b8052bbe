/**
 * A small Debian with a real systemd as its first process, in a container (systemd-nspawn) on this machine's network.
 *
 * Its files are made once, below the user's cache; whatever a test does to them is gone with the container.
 */

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { acquireLock, type Lock } from "../../system/lock.ts";

const run = promisify(execFile);

const PROGRAMS = ["debootstrap", "systemd-nspawn", "nsenter"];
const PACKAGES = "systemd,systemd-sysv,libpam-systemd,dbus,git,ca-certificates,procps,bubblewrap";
const BOOT_MS = 60_000;
const COMMAND_MS = 120_000;

/** Why this machine cannot do it, or `null`. */
export function obstacle(): string | null {
  if (process.platform !== "linux") return "it takes Linux";
  if (process.getuid?.() !== 0) return "it takes root, to boot a container";
  const missing = PROGRAMS.filter((program) => !isOnPath(program));
  if (missing.length > 0)
    return `${missing.join(", ")} is missing (Debian: apt-get install systemd-container debootstrap)`;
  try {
    execFileSync("unshare", ["--mount", "--pid", "--fork", "true"], { stdio: "ignore" });
  } catch {
    return "this machine does not allow new namespaces";
  }
  return existsSync(rootFolder()) || mirror() !== null ? null : "no mirror of Debian is named in /etc/apt";
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Named after what is in it, so that another list of packages is another container. */
function rootFolder(): string {
  const contents = createHash("sha256").update(PACKAGES).digest("hex").slice(0, 8);
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "chargehand", `systemd-root-${contents}`);
}

/** Release and address that this machine's own apt uses. */
function mirror(): readonly [string, string] | null {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readOr("/etc/os-release"))?.[1];
  const sources = readOr("/etc/apt/sources.list") + readOr("/etc/apt/sources.list.d/debian.sources");
  const url = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+)/m.exec(sources)?.[1];
  return release === undefined || url === undefined ? null : [release, url];
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Containers of one machine share a control group, and would end each other's processes: one at a time. */
export function reserve(): Lock {
  mkdirSync(dirname(rootFolder()), { recursive: true });
  return acquireLock(`${rootFolder()}.lock`);
}

/** Makes the container's files unless they are there; about a minute, once. */
export function prepare(say: (line: string) => void): void {
  const root = rootFolder();
  if (existsSync(root)) return;
  const [release, url] = mirror() ?? ["", ""];
  say(`making a small Debian in ${root} (once)`);
  mkdirSync(dirname(root), { recursive: true });
  rmSync(`${root}.part`, { recursive: true, force: true });
  const argv = ["--variant=minbase", `--include=${PACKAGES}`, release, `${root}.part`, url];
  execFileSync("debootstrap", argv, { stdio: ["ignore", "ignore", "inherit"] });
  renameSync(`${root}.part`, root);
}

export interface Answer {
  readonly code: number;
  /** Both streams. */
  readonly said: string;
}

export class Machine {
  readonly #nspawn: ChildProcess;
  #leader = 0;

  /** @param binds what it sees of this machine, read-only: `[here, there]` */
  constructor(binds: readonly (readonly [string, string])[]) {
    const name = `chargehand-test-${process.pid}`;
    const options = ["--volatile=overlay", "--register=no", "--keep-unit", "--boot", `--machine=${name}`];
    const seen = binds.map(([here, there]) => `--bind-ro=${here}:${there}`);
    this.#nspawn = spawn("systemd-nspawn", ["-D", rootFolder(), ...options, ...seen], { stdio: "ignore" });
  }

  /** Resolves when the machine has booted. */
  async booted(): Promise<void> {
    const end = performance.now() + BOOT_MS;
    while (performance.now() < end) {
      if (this.#nspawn.exitCode !== null) break;
      this.#leader = childOf(this.#nspawn.pid ?? 0);
      const state = this.#leader === 0 ? null : await this.run("systemctl", "is-system-running");
      if (state !== null && /^(running|degraded)/.test(state.said)) return;
      await pause(250);
    }
    throw new Error("the container did not boot");
  }

  /** Runs a program in the machine, whatever its exit code. */
  async run(...argv: readonly string[]): Promise<Answer> {
    const inside = ["-t", String(this.#leader), "-m", "-p", "-u", "-i", "-n", "-C", "--", ...argv];
    const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" };
    const options = { env, timeout: COMMAND_MS, maxBuffer: 256 * 1_048_576 };
    return run("nsenter", inside, options).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (error: { code?: unknown; stdout?: string; stderr?: string }) => ({
        code: typeof error.code === "number" ? error.code : -1,
        said: `${error.stdout ?? ""}${error.stderr ?? ""}`,
      }),
    );
  }

  /** Runs a script of the shell, which has to succeed; answers what it said. */
  async sh(script: string): Promise<string> {
    const { code, said } = await this.run("/bin/sh", "-euc", script);
    if (code !== 0) throw new Error(`exit code ${code} of: ${script}\n${said}`);
    return said.trimEnd();
  }

  async close(): Promise<void> {
    const over = new Promise((resolve) => this.#nspawn.once("exit", resolve));
    if (this.#nspawn.exitCode !== null) return;
    if (this.#leader !== 0) await this.run("systemctl", "poweroff", "--force", "--force");
    await Promise.race([over, pause(15_000, null, { ref: false })]);
    // It ends its container when it is killed itself.
    if (this.#nspawn.exitCode === null) this.#nspawn.kill("SIGKILL");
  }
}

/** The first process of the container is the one child of `systemd-nspawn`. */
function childOf(pid: number): number {
  return Number(readOr(`/proc/${pid}/task/${pid}/children`).trim().split(" ")[0] ?? 0);
}
