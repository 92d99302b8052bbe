/** A daemon whose only project has budgets, and what became of its jobs and runs. */

import { appendFileSync } from "node:fs";
import { DaemonProcess } from "./daemon-process.ts";

export interface Job {
  readonly status: string;
  readonly attempts: number;
  readonly holds: readonly { readonly kind: string; readonly reason: string }[];
}
export interface Run {
  readonly status: string;
  readonly failure_class: string | null;
  readonly reason: string | null;
  readonly cost_usd: number | null;
  readonly account: string | null;
}
/** A stage whose only project has these budgets. `1,000` tokens of the scripted model cost a dollar. */
export async function budgeted(
  argv: (folder: string) => readonly string[],
  budget: string,
  work: (stage: DaemonProcess) => Promise<void>,
): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  stage.configure({ argv: argv(stage.folder) });
  appendFileSync(
    stage.config,
    `    budget: { ${budget} }\nprices: { scripted-model: { input: 1000, output: 1000 } }\n`,
  );
  try {
    await stage.start();
    await work(stage);
  } finally {
    await stage.close();
  }
}

export async function jobOf(stage: DaemonProcess, key: string): Promise<Job | undefined> {
  return (await stage.api<{ jobs: Job[] }>(`/api/v1/jobs?task=${key}`)).body.jobs[0];
}

export async function runsOf(stage: DaemonProcess, key: string): Promise<readonly Run[]> {
  return (await stage.api<{ runs: Run[] }>(`/api/v1/runs?task=${key}`)).body.runs;
}
