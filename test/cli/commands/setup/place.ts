/** A machine for whoever sets up: a remote with a first commit, agent programs on a PATH, and a forge that answers. */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startFirst } from "../../../../cli/init/start.ts";
import type { Ports } from "../../../../cli/ports.ts";
import { runProgram } from "../../../../cli/program.ts";
import { systemClock } from "../../../../system/clock.ts";
import { systemDownloads } from "../../../../system/download.ts";
import { systemFiles } from "../../../../system/files.ts";
import { lightHttp } from "../../../../system/light-http.ts";
import { inBackground } from "../../../../system/process/background.ts";

export interface Place {
  readonly folder: string;
  /** Bare, with one commit on `trunk`. */
  readonly origin: string;
  readonly env: Readonly<Record<string, string>>;
  /** An agent program on the PATH, as a script. */
  program(name: string, script: string): void;
  write(name: string, text: string): string;
  run(args: readonly string[], more?: Partial<Ports>): Promise<Ended>;
  /** {@link startFirst} with a real daemon. */
  first(about: Parameters<typeof startFirst>[0]): ReturnType<typeof startFirst>;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ROOT = join(import.meta.dirname, "../../../..");

export function place(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-setup-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const origin = join(folder, "origin.git");
  const bin = join(folder, "bin");
  for (const made of [bin, join(folder, "home")]) mkdirSync(made);
  const identity = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"];
  git(folder, "init", "-q", "--bare", "-b", "trunk", origin);
  git(folder, "clone", "-q", origin, "seed");
  git(join(folder, "seed"), ...identity, "commit", "-q", "--allow-empty", "-m", "first");
  git(join(folder, "seed"), "push", "-q", "origin", "HEAD:trunk");
  rmSync(join(folder, "seed"), { recursive: true });
  const nodes = join(process.execPath, "..");
  const env = { PATH: `${bin}:${nodes}:/usr/bin:/bin`, HOME: join(folder, "home") };
  return {
    ...{ folder, origin, env },
    program(name, script): void {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    write(name, text): string {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    run: (args, more = {}) => run(args, { env, ...more }),
    first: (about) => startFirst(about, portsOf({ env }).ports),
  };
}

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

async function run(args: readonly string[], more: Partial<Ports>): Promise<Ended> {
  const { ports, ended } = portsOf(more);
  await runProgram("9.8.7", args, ports);
  return ended();
}

/** The real world, but for what is printed; nobody sits at a terminal. */
function portsOf(more: Partial<Ports>): { readonly ports: Ports; ended(): Ended } {
  let [code, out, err] = [0, "", ""];
  const ports: Ports = {
    ask: null,
    background: inBackground,
    self: [process.execPath, join(ROOT, "bin/chargehand.js")],
    clock: systemClock(),
    downloads: systemDownloads(),
    env: {},
    files: systemFiles(),
    http: lightHttp(),
    input: async () => "",
    onTerminal: async () => "no terminal",
    width: null,
    height: null,
    out: (text) => {
      out += String(text);
    },
    err: (text) => {
      err += text;
    },
    exit: (value) => {
      code = value;
    },
    ...more,
  };
  return { ports, ended: () => ({ code, out, err }) };
}

export interface Forge {
  readonly url: string;
  /** `POST /repos/…` with its body, in order. */
  readonly asked: readonly { readonly line: string; readonly body: string }[];
}

/** In place of an answer: none ever comes. */
export const SILENCE: unique symbol = Symbol("silence");

/** Answers GitHub's paths from a table (numbers are statuses), 404 for others, 401 for whoever has another token. */
export async function forge(
  t: TestContext,
  token: string,
  answers: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Forge> {
  const asked: { line: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const line = `${request.method} ${(request.url ?? "").replace(/\?.*/, "")}`;
      asked.push({ line, body: Buffer.concat(parts).toString("utf8") });
      const isKnown = request.headers.authorization === `Bearer ${token}`;
      const answer = isKnown ? answers[line] : { message: "Bad credentials" };
      if (answer === SILENCE) return;
      const given = typeof answer === "number" ? answer : request.method === "POST" ? 201 : 200;
      const status = !isKnown ? 401 : answer === undefined ? 404 : given;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(answer ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
