/** `chargehand workflow try NAME|FILE`: a dry run of a workflow with a scripted agent; no daemon has to run. */

import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../../../system/clock.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { counted, plain, plainLines } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { createTeller, tellStep } from "../../stage/telling.ts";
import type { Sight } from "../../stage/walk.ts";
import type { Stated } from "../../try/plan.ts";
import type { Tried } from "../../try/run.ts";
import { openNamed, problemLine, readOpened } from "./opened.ts";

const WIDTH = 100;

interface TryOptions {
  readonly verdict?: Stated;
  readonly checks?: boolean;
  readonly prompts?: boolean;
  readonly json?: boolean;
}

export function tryCommand(workflow: Command, ports: Ports): void {
  workflow
    .command("try")
    .argument("<name>", "a built-in workflow, or a file")
    .description("walk through a workflow with a scripted agent, in a repository made for it")
    .option(
      "--verdict <phase=verdict>",
      "what a phase says; several of one phase are said one after another, before the usual one",
      verdicts,
    )
    .option("--checks", "run the checks, too, in that repository; else they are left out")
    .option("--prompts", "show what the agent of each phase is told")
    .option("--json", "print one JSON document and nothing else")
    .action(async (name: string, options: TryOptions) => {
      const opened = await openNamed(name, ports);
      if (opened.kind === "failed") return report(opened, ports);
      const read = await readOpened(opened.value);
      if (read.kind === "problems") {
        for (const problem of read.problems) ports.err(`${problemLine(problem)}\n`);
        return ports.exit(EXIT.usage);
      }
      await tryRead(read.workflow, read.hash, options, ports);
    });
}

function verdicts(text: string, before: Stated = new Map()): Stated {
  const [, phase, verdict] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (phase === undefined || verdict === undefined) throw new InvalidArgumentError("It is PHASE=VERDICT.");
  return new Map([...before, [phase, [...(before.get(phase) ?? []), verdict]]]);
}

async function tryRead(workflow: Workflow, hash: string, options: TryOptions, ports: Ports): Promise<void> {
  // Loaded here, so that checking and drawing do not pay for the whole daemon.
  const { planOf } = await import("../../try/plan.ts");
  const planned = planOf(workflow, options.verdict ?? new Map());
  if (planned.kind !== "planned") {
    for (const problem of planned.problems) report(fail(EXIT.failed, plain(problem)), ports);
    return ports.exit(planned.kind === "misnamed" ? EXIT.usage : EXIT.failed);
  }
  const clock = systemClock();
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
  const say = options.json ? (): void => undefined : (line: string): void => ports.out(`${line}\n`);
  say(`${plain(workflow.name)}, ${counted(workflow.phases.length, "phase", "phases")}, ${hash.slice(0, 12)}`);
  say("Tried with a scripted agent; approvals and CI are answered with yes.\n");
  const { tryWorkflow } = await import("../../try/run.ts");
  const tried = await tryWorkflow({
    ...{ workflow, clock, interrupted: interrupted.signal, playbook: planned.playbook },
    checks: options.checks === true,
    look: lookWith(workflow, say, clock.monotonic, ports),
  });
  const { outcomeOf } = await import("../../try/outcome.ts");
  const outcome = outcomeOf(workflow, tried, options.checks === true);
  if (options.json)
    ports.out(`${JSON.stringify({ ...outcome.document, hash, ...promptsOf(tried, options) }, null, 2)}\n`);
  else {
    for (const line of options.prompts ? promptLines(tried) : []) say(line);
    for (const line of outcome.lines) say(plain(line));
  }
  ports.exit(outcome.hasEnded ? EXIT.done : EXIT.failed);
}

function lookWith(
  { phases }: Workflow,
  say: (line: string) => void,
  now: () => number,
  { width }: Ports,
): (sight: Sight) => void {
  const began = now();
  const phaseChars = Math.max(...phases.map(({ key }) => key.length));
  const elapsed = (): number => (now() - began) / 1_000;
  const teller = createTeller({ say, width: Math.min(WIDTH, width ?? WIDTH), phaseChars, elapsed });
  return ({ task, events }) => {
    for (const event of events) {
      const told = tellStep(event, task);
      if (told !== null) teller.tell(told);
    }
  };
}

function promptsOf({ prompts }: Tried, options: TryOptions): { readonly prompts?: Tried["prompts"] } {
  return options.prompts ? { prompts } : {};
}

function promptLines({ prompts }: Tried): readonly string[] {
  return prompts.flatMap(({ phase, text }, at) => [
    "",
    `── run ${at + 1}: what the agent of ${plain(phase)} was told`,
    "",
    plainLines(text).trimEnd(),
  ]);
}
