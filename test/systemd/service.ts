/** Chargehand as a service of the machine: installed as `docs/systemd.md` says, and looked at from outside. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SECRET } from "../e2e/daemon-process.ts";
import { Machine } from "./machine.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PATIENCE_MS = 60_000;
/** Short, so that nobody waits a minute for it to trip. */
const WATCHDOG_S = 6;

export const CONFIG = "/etc/chargehand/chargehand.yaml";
export const DATA = "/var/lib/chargehand";

/**
 * Counts until it is told to go, and says what it has used. Its `/tmp` is the one below the data directory. As Codex
 * does, it forbids to be traced (`prctl(PR_SET_DUMPABLE, 0)`), which hides it from others where `/proc` is guarded.
 */
const COUNTER = `#!/usr/bin/perl
use strict;
use POSIX ();
my $prctl = {x86_64 => 157, aarch64 => 167}->{(POSIX::uname())[4]};
syscall($prctl, 4, 0, 0, 0, 0) == 0 or die "prctl: $!";
$| = 1;
my $task = $ENV{CHARGEHAND_TASK};
sub note { my ($how, $name, $text) = @_; open(my $file, $how, $name) or die "$name: $!"; print $file $text; close $file }
note(">", "/tmp/$task.env", join("", map { "$_=$ENV{$_}\n" } sort keys %ENV));
note(">>", "/tmp/$task.starts", "$$\n");
my $i = 0;
# A stray that drops its mark, its session, its group and its directory: no sweep finds it, but its scope does.
if ($task eq "SHOP-7" and not fork) {
  POSIX::setsid();
  chdir "/";
  %ENV = ();
  exec "/bin/sleep", "86400";
}
until (-e "/tmp/$task.go") {
  $i++;
  print "line $i\n";
  note(">", "/tmp/$task.count", "$i\n");
  select(undef, undef, undef, 0.05);
}
my $usage = '"model":"counter-1","input_tokens":1200,"output_tokens":34,"cache_read_tokens":560,"cost_usd":0.0123';
note(">", $ENV{CHARGEHAND_RESULT}, qq({"status":"ok","summary":"counted to $i","usage":[{$usage}]}));
print "end $i\n";
`;

type Isolation = "none" | "scope" | "sandbox";

export interface Run {
  readonly id: string;
  readonly task: string;
  readonly status: string;
  readonly pid: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cost_usd: number | null;
}

export class Service {
  readonly machine: Machine;
  readonly port: number;
  readonly #folder: string;

  constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    writeFileSync(join(folder, "counter"), COUNTER, { mode: 0o755 });
    writeFileSync(join(folder, "chargehand.yaml"), configText(1));
    writeFileSync(join(folder, "github-secret"), `${SECRET}\n`);
    writeFileSync(join(folder, "service.conf"), serviceText());
    writeFileSync(join(folder, "socket.conf"), `[Socket]\nListenStream=\nListenStream=127.0.0.1:${port}\n`);
    makeRepository(folder);
    copyCheckout(join(folder, "checkout"));
    this.machine = new Machine([
      [process.execPath, "/usr/local/bin/node"],
      [join(folder, "checkout"), "/opt/chargehand"],
      [join(ROOT, "node_modules"), "/opt/chargehand/node_modules"],
      [folder, "/stage"],
    ]);
  }

  async install(): Promise<void> {
    await this.machine.sh(`
      ln -s /opt/chargehand/bin/chargehand.js /usr/local/bin/chargehand
      cd /opt/chargehand/systemd
      cp chargehand.service chargehand.socket /etc/systemd/system/
      cp chargehand.sysusers.conf /usr/lib/sysusers.d/chargehand.conf
      cp chargehand.tmpfiles.conf /usr/lib/tmpfiles.d/chargehand.conf
      systemd-sysusers && systemd-tmpfiles --create chargehand.conf
      install -m 0600 chargehand.env.example /etc/chargehand/chargehand.env
      cp /stage/chargehand.yaml ${CONFIG} && chown root:chargehand ${CONFIG} && chmod 0640 ${CONFIG}
      install -m 0600 /stage/github-secret /etc/chargehand/secrets/
      mkdir -p /etc/systemd/system/chargehand.service.d /etc/systemd/system/chargehand.socket.d
      cp /stage/service.conf /etc/systemd/system/chargehand.service.d/
      cp /stage/socket.conf /etc/systemd/system/chargehand.socket.d/
      cp -r /stage/shop.git /srv/ && chown -R chargehand: /srv/shop.git
      install -m 0755 /stage/counter /usr/local/bin/counter
      systemctl daemon-reload
      systemctl enable --now chargehand.socket chargehand.service`);
  }

  /** Puts another configuration into place; `concurrency` tells one from another. */
  async configure(concurrency: number | "nonsense", isolation: Isolation = "none"): Promise<void> {
    writeFileSync(join(this.#folder, "chargehand.yaml"), configText(concurrency, isolation));
    await this.machine.sh(`cat /stage/chargehand.yaml >${CONFIG}`);
  }

  async property(name: string): Promise<string> {
    return this.machine.sh(`systemctl show --value --property ${name} chargehand.service`);
  }

  async api<T>(path: string): Promise<T> {
    const told = await this.machine.sh(`cat ${DATA}/daemon.json ${DATA}/admin-token`);
    const [, url = ""] = /"admin_url":"([^"]+)"/.exec(told) ?? [];
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${told.split("\n").at(-1)}`, connection: "close" },
    });
    return (await answer.json()) as T;
  }

  async run(task: string): Promise<Run | null> {
    const { runs } = await this.api<{ runs: Run[] }>("/runs?limit=200");
    const [run = null, ...others] = runs.filter((one) => one.task === task);
    assert.equal(others.length, 0, `one run of ${task}`);
    return run;
  }

  /** Waits for something; the daemon may be away meanwhile. */
  async until<T>(what: string, probe: () => Promise<T | null | false>): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    let trouble: unknown = null;
    while (performance.now() < end) {
      try {
        const found = await probe();
        if (found !== null && found !== false) return found;
      } catch (error) {
        trouble = error;
      }
      await pause(100);
    }
    throw new Error(`waited in vain until ${what}`, { cause: trouble });
  }

  async journal(): Promise<string> {
    return this.machine.sh("journalctl --no-pager --output=cat --unit=chargehand.service --unit=init.scope");
  }
}

/** A port that is free at this moment. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound !== null ? bound.port : 0));
    });
  });
}

function serviceText(): string {
  return `[Service]
WatchdogSec=${WATCHDOG_S}
LoadCredential=github-secret:/etc/chargehand/secrets/github-secret
`;
}

function configText(concurrency: number | "nonsense", isolation: Isolation = "none"): string {
  const run = isolation !== "scope" ? "" : ", run: { memory: 512MiB, tasks: 64, cpus: 1.5 }";
  return `data_dir: ${DATA}
server: { admin: { port: 0 } }
limits: { concurrency: ${concurrency}, memory_floor: 0B${run} }
isolation: ${isolation}
sources:
  github: { secret: "file:\${CREDENTIALS_DIRECTORY}/github-secret" }
agents:
  counter: { backend: command, argv: [/usr/local/bin/counter], prompt: stdin, timeout: 10m, mounts: [{ path: /tmp, mode: rw }] }
projects:
  - name: shop
    prefix: SHOP
    repo: acme/shop
    clone_url: /srv/shop.git
    base_branch: main
    agent: counter
    publish: none
    start: { labels: [agent] }
`;
}

/** As it is now: somebody may go on working on it. */
function copyCheckout(to: string): void {
  const left = new Set(["node_modules", ".git", "test", "bench"].map((name) => join(ROOT, name)));
  cpSync(ROOT, to, { recursive: true, filter: (path) => !left.has(path) });
  mkdirSync(join(to, "node_modules"));
}

function makeRepository(folder: string): void {
  const git = (cwd: string, ...args: string[]): void => {
    execFileSync("git", args, { cwd, stdio: "ignore" });
  };
  const seed = join(folder, "seed");
  mkdirSync(seed);
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "shop.git");
  git(folder, "init", "--quiet", "--initial-branch=main", seed);
  git(seed, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--allow-empty", "-m", "Begin");
  git(seed, "push", "--quiet", join(folder, "shop.git"), "main");
}
