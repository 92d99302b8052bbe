#!/usr/bin/env node
/** The door of the `chargehand` command: the real world, and what the process owes its caller. */

import { systemClock } from "../system/clock.ts";
import { systemDownloads } from "../system/download.ts";
import { systemFiles } from "../system/files.ts";
import { lightHttp } from "../system/light-http.ts";
import type { Ports } from "./ports.ts";
import { runProgram } from "./program.ts";
import { readVersion } from "./version.ts";

/** More than the daemon takes; it says so then. */
const INPUT_CHARS_MAX = 1_000_000;

async function readInput(): Promise<string> {
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) {
    text += part;
    if (text.length > INPUT_CHARS_MAX) break;
  }
  return text;
}

const ports: Ports = {
  ask:
    process.stdin.isTTY && process.stderr.isTTY
      ? async (question, isHidden) => (await import("./prompt.ts")).askPerson(question, isHidden)
      : null,
  background: async (spec) => (await import("../system/process/background.ts")).inBackground(spec),
  clock: systemClock(),
  downloads: systemDownloads(),
  env: process.env,
  files: systemFiles(),
  http: lightHttp(),
  input: readInput,
  onTerminal: async (spec) => (await import("../system/terminal.ts")).onTerminal(spec),
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
  // Read whenever something is drawn: a window may have got another size meanwhile.
  get width() {
    return process.stdout.isTTY ? process.stdout.columns : null;
  },
  get height() {
    return process.stdout.isTTY ? process.stdout.rows : null;
  },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit: (code) => {
    process.exitCode = code;
  },
};

// `chargehand runs | head`: the reader has enough, and that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

await runProgram(readVersion(), process.argv.slice(2), ports);
