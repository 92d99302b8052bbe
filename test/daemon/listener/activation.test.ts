/** Sockets that outlive the daemon: nobody who calls while none runs is turned away. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { givenSockets } from "../../../daemon/listener/activation.ts";
import { DaemonProcess } from "../../e2e/daemon-process.ts";
import { deliver, type Told } from "../../systemd/sender.ts";

const MAIN = new URL("../../../bin/chargehand.js", import.meta.url).pathname;
const HOLDER = new URL("./holder.ts", import.meta.url).pathname;
const PATIENCE_MS = 60_000;

interface Held {
  readonly stage: DaemonProcess;
  /** Of the socket that the holder has opened. */
  readonly port: number;
  readonly pid: () => number;
  /** Waits until a daemon serves that is not `before`. */
  serves(before: number): Promise<number>;
  /** Says whether another daemon follows when one ends. */
  hold(isHeld: boolean): void;
  /** How the daemons have ended. */
  ends(): readonly string[];
}

async function held(name: string, work: (held: Held) => Promise<void>): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const file = (name: string): string => join(stage.folder, name);
  const read = (name: string): string => textOf(file(name));
  // The first line of the program looks for `node`, which must be this one.
  const env = { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` };
  const argv = [HOLDER, stage.folder, name, MAIN, "serve", "--config", stage.config];
  const holder = spawn(process.execPath, argv, { stdio: "ignore", env });
  const info = join(stage.dataDir, "daemon.json");
  const pid = (): number => Number(/"pid":(\d+)/.exec(textOf(info))?.[1] ?? 0);
  const serves = async (before: number): Promise<number> => {
    await stage.until("a daemon serves", () => pid() !== 0 && pid() !== before);
    return pid();
  };
  try {
    await stage.until("the socket is open", () => read("port") !== "");
    await work({
      ...{ stage, pid, serves },
      port: Number(read("port")),
      hold: (isHeld) => (isHeld ? writeFileSync(file("hold"), "") : rmSync(file("hold"))),
      ends: () => read("ends").trim().split("\n"),
    });
  } finally {
    writeFileSync(file("over"), "");
    await endAll(holder, pid());
    await stage.close();
  }
}

/** What a file holds that a daemon may take away at any moment; nothing when there is none. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

async function endAll(holder: ChildProcess, daemon: number): Promise<void> {
  const ended = new Promise((resolve) => holder.once("exit", resolve));
  if (daemon > 0) process.kill(daemon, "SIGKILL");
  const late = setTimeout(() => holder.kill("SIGKILL"), 5_000);
  if (holder.exitCode === null && holder.signalCode === null) await ended;
  clearTimeout(late);
}

test("I1: deliveries that come while no daemon runs are answered 202 by the next one", () =>
  held("webhooks", async ({ stage, port, serves, hold, ends }) => {
    const first = await serves(0);
    assert.equal(
      stage.urls.webhooks,
      `http://127.0.0.1:${port}`,
      "the given socket, not the configured address",
    );
    assert.equal((await deliver(port, 1, false)).status, 202);
    hold(true);
    process.kill(first, "SIGTERM");
    await stage.until("it has ended", () => ends()[0] === "0");
    const waiting = [2, 3, 4].map((issue) => deliver(port, issue, false, PATIENCE_MS));
    await assert.rejects(stage.api("/api/v1/status"), "nobody is there");
    hold(false);
    await serves(first);
    const told = await Promise.all(waiting);
    assert.deepEqual(
      told.map(({ status, trouble }) => status ?? trouble),
      [202, 202, 202],
    );
  }));

test("I1: a stream of deliveries goes on through stops of the daemon; all are answered and stored", () =>
  held("webhooks", async ({ stage, port, serves, ends }) => {
    let daemon = await serves(0);
    let issue = 100;
    let isOver = false;
    const told: Told[] = [];
    const send = async (): Promise<void> => {
      while (!isOver) told.push(await deliver(port, issue++, false, PATIENCE_MS));
    };
    const senders = Array.from({ length: 4 }, send);
    try {
      for (let round = 0; round < 4; round++) {
        const before = told.length;
        await stage.until("deliveries flow", () => told.length >= before + 20);
        process.kill(daemon, "SIGTERM");
        daemon = await serves(daemon);
      }
    } finally {
      isOver = true;
    }
    assert.deepEqual(ends(), ["0", "0", "0", "0"]);
    await Promise.all(senders);
    const others = told.filter(({ status }) => status !== 202);
    assert.deepEqual(others, [], "nobody was turned away");
    const { body } = await stage.api<{ deliveries: Record<string, number> }>("/api/v1/status");
    const stored = Object.values(body.deliveries).reduce((sum, count) => sum + count, 0);
    assert.equal(stored, told.length);
  }));

test("a socket named admin is for the API", () =>
  held("admin", async ({ stage, port, serves }) => {
    await serves(0);
    assert.equal(stage.urls.admin, `http://127.0.0.1:${port}`);
    assert.equal((await stage.api("/api/v1/status")).status, 200);
    assert.equal((await deliver(port, 1, false)).status, 401, "and not for webhooks");
  }));

test("sockets are for the process they were given to, and go by their names", () => {
  const env = { LISTEN_PID: "12", LISTEN_FDS: "3", LISTEN_FDNAMES: "webhooks:admin:chargehand.socket" };
  assert.deepEqual(givenSockets(env, 12), { webhooks: [3, 5], admin: [4] });
  assert.deepEqual(givenSockets({ LISTEN_PID: "12", LISTEN_FDS: "1" }, 12), { webhooks: [3], admin: [] });
  const none = { webhooks: [], admin: [] };
  assert.deepEqual(givenSockets(env, 13), none, "another process");
  assert.deepEqual(givenSockets({}, 12), none);
  for (const count of ["", "x", "-1", "1.5"])
    assert.deepEqual(givenSockets({ LISTEN_PID: "12", LISTEN_FDS: count }, 12), none);
});
