/** The first task: a daemon is started unless one runs, and is given it. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { taskShape } from "../answers/tasks.ts";
import { connect } from "../client.ts";
import { type Answer, EXIT, fail } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { decode } from "../read.ts";

/** It may have a database to bring up to this version first. */
const UP_MS = 60_000;
const LOOK_MS = 100;

export interface Begun {
  readonly key: string;
  /** Of the daemon that was started for it; `null` where one ran already. */
  readonly daemon: { readonly pid: number; readonly log: string } | null;
}

export async function startFirst(
  { file, dataDir, project, title }: Readonly<Record<"file" | "dataDir" | "project" | "title", string>>,
  ports: Ports,
): Promise<Answer<Begun>> {
  const daemon = (await answers(file, ports)) ? null : await startDaemon(file, dataDir, ports);
  if (daemon !== null && daemon.kind === "failed") return daemon;
  const client = await connect({ config: file }, ports);
  if (client.kind === "failed") return client;
  const made = await client.value.post("/tasks", { project, title });
  const task = made.kind === "failed" ? made : decode(taskShape, made.value);
  if (task.kind === "failed") return task;
  return { kind: "ok", value: { key: task.value.key, daemon: daemon?.value ?? null } };
}

async function startDaemon(
  file: string,
  dataDir: string,
  ports: Ports,
): Promise<Answer<{ pid: number; log: string }>> {
  const { background, clock, env, out, self } = ports;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const log = join(dataDir, "daemon.log");
  const started = await background({
    argv: [...self, "serve", "--config", file],
    ...{ cwd: dataDir, env, log },
  });
  if (typeof started === "string") return fail(EXIT.failed, `the daemon could not be started: ${started}`);
  // At once: whoever does not wait for it has to know what is left running.
  out(`The daemon starts in the background: pid ${started.pid}, log ${log}; kill ${started.pid} ends it.\n`);
  const until = clock.monotonic() + UP_MS;
  while (clock.monotonic() < until && !started.hasEnded()) {
    if (await answers(file, ports)) return { kind: "ok", value: { pid: started.pid, log } };
    await clock.sleep(LOOK_MS);
  }
  return fail(EXIT.failed, "the daemon did not come up", `${log} says why; then: chargehand doctor`);
}

async function answers(file: string, ports: Ports): Promise<boolean> {
  const client = await connect({ config: file }, ports);
  return client.kind === "ok" && (await client.value.get("/status")).kind === "ok";
}
