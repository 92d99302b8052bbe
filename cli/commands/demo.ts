/**
 * `chargehand demo`: the main job on a machine with nothing but git and Node. A scratch repository and configuration
 * in a temporary folder, the real daemon on free ports, recorded deliveries sent twice each, a scripted agent; or a
 * task that walks through the built-in workflow `pipeline`.
 */

import { createInterface, type Interface } from "node:readline/promises";
import { type Command, Option } from "commander";
import { systemClock } from "../../system/clock.ts";
import type { DemoOptions } from "../demo/keeping.ts";
import type { AskPerson } from "../demo/pipeline/terminal.ts";
import { EXIT, fail, report as tellFailure } from "../outcome.ts";
import type { Ports } from "../ports.ts";

const WIDTH = 100;

interface Flags {
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly workflow: string;
  readonly yes?: boolean;
  readonly chat?: boolean;
  readonly forge?: boolean;
}

export function demoCommand(program: Command, ports: Ports): void {
  program
    .command("demo")
    .description("run the main job once on a scratch repository: webhook, task, agent, pushed branch")
    .addOption(
      new Option("--workflow <name>", "what the tasks walk through")
        .choices(["single", "pipeline"])
        .default("single"),
    )
    .option("--yes", "with pipeline or a forge: do by itself what people are asked")
    .addOption(
      new Option(
        "--chat",
        "the pipeline, with cards and people who answer in a chat on this machine",
      ).implies({
        workflow: "pipeline",
      }),
    )
    .addOption(
      new Option(
        "--forge",
        "from an issue to its merged pull request, at a forge on this machine with a page to look at",
      ).conflicts(["workflow", "chat"]),
    )
    .option("--keep", "leave the daemon running until Ctrl-C, with commands to try")
    .option("--json", "print one JSON document and nothing else")
    .action(async (flags: Flags) => {
      const say = flags.json ? (): void => undefined : (line: string): void => ports.out(`${line}\n`);
      const interrupted = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
      const options: DemoOptions = {
        ...{ say, keep: flags.keep === true, program: calledAs(process.argv[1] ?? "") },
        ...{ clock: systemClock(), interrupted: interrupted.signal },
      };
      const ended = await play(options, flags, ports, () => interrupted.abort());
      if (ended !== null && flags.json) ports.out(`${JSON.stringify(ended.report)}\n`);
      const isOver = ended !== null && ended.failure === null;
      const isLeft = !isOver && interrupted.signal.aborted;
      if (isLeft) ports.err("It was interrupted; nothing of it is left behind.\n");
      else if (ended !== null && ended.failure !== null) ports.err(`demo failed: ${ended.failure}\n`);
      // Of one that was refused before it began, why was said.
      if (ended !== null || isLeft) ports.exit(isOver ? EXIT.done : EXIT.failed);
    });
}

interface Ended {
  readonly report: object;
  readonly failure: string | null;
}

function play(
  options: DemoOptions,
  flags: Flags,
  ports: Ports,
  interrupt: () => void,
): Promise<Ended | null> {
  if (flags.forge) return playForge(options, flags, ports);
  if (flags.workflow === "single") return playSingle(options);
  return playPipeline(options, flags, ports, interrupt);
}

// Imported here, so that no other command pays for loading the whole daemon.
async function playSingle(options: DemoOptions): Promise<Ended> {
  return (await import("../demo/run.ts")).runDemo(options);
}

/** @returns `null` when it was interrupted before it began */
async function playForge(options: DemoOptions, { yes, json }: Flags, ports: Ports): Promise<Ended | null> {
  const { runForgeDemo } = await import("../demo/forge/run.ts");
  return await runForgeDemo({
    ...{ ...options, areAlone: yes === true, isWatched: process.stdout.isTTY && !json },
    width: Math.min(WIDTH, ports.width ?? WIDTH),
  });
}

/** @returns `null` when it was refused, and why was said */
async function playPipeline(
  options: DemoOptions,
  flags: Flags,
  ports: Ports,
  interrupt: () => void,
): Promise<Ended | null> {
  const { yes, json, chat } = flags;
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (!yes && (json || !(chat || hasTerminal))) {
    const why = json ? "with --json nobody is asked" : "there is no terminal to ask in";
    const hint =
      "add --yes, and the demo approves and answers by itself; or run it in a terminal, without --json";
    tellFailure(
      fail(EXIT.usage, `this demo asks a person for an answer and an approval, and ${why}`, hint),
      ports,
    );
    return null;
  }
  const { runPipelineDemo } = await import("../demo/pipeline/run.ts");
  const terminal = yes || chat ? null : createInterface({ input: process.stdin, output: process.stdout });
  // In a terminal that is read from, Ctrl-C is a key, and no signal.
  terminal?.on("SIGINT", interrupt);
  try {
    const ask = terminal === null ? null : askAt(terminal, options.interrupted);
    return await runPipelineDemo({
      ...{ ...options, ask, chat: chat ? (yes ? "by itself" : "at its page") : null },
      width: Math.min(WIDTH, ports.width ?? WIDTH),
    });
  } finally {
    terminal?.close();
  }
}

function askAt(terminal: Interface, signal: AbortSignal): AskPerson {
  return async (question) => {
    try {
      return (await terminal.question(question, { signal })).trim();
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  };
}

/** By its name where it was installed, else by its path. */
function calledAs(path: string): string {
  return path.endsWith(".js") ? path : "chargehand";
}
