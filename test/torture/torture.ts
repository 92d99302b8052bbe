/**
 * The torture: cycles of deliveries and faults against a real daemon, judged by the oracle after each cycle and at
 * rest at the end. It stops at the first thing it finds, and keeps what is needed to find out why.
 */

import { availableParallelism } from "node:os";
import { readBooks } from "./books.ts";
import { Client } from "./client.ts";
import { Daemon } from "./daemon.ts";
import { meetFault } from "./faults.ts";
import { type Field, insistItLives, startWell } from "./field.ts";
import { Oracle } from "./oracle.ts";
import { Found, moment } from "./patience.ts";
import { type Order, type Plan, planCycle } from "./plan.ts";
import { clearOut, countPidsFrom } from "./processes.ts";
import { readLive, readRecords } from "./records.ts";
import { comeToRest, innocentsLive, insistOnNothing, judgeRest, strays } from "./rest.ts";
import { Sender } from "./sender.ts";
import { strangers } from "./walled.ts";
import { layYard } from "./yard.ts";

export interface TortureOptions {
  readonly seed: number;
  readonly cycles: number;
  /** How long jobs may wait for their next try at the end, in ms, before their hold is taken for an answer. */
  readonly settleMs: number;
  readonly canChoosePids: boolean;
  /** What stands around the agents. */
  readonly isolation: "none" | "sandbox";
}

export interface Report {
  /** What was found, in words; empty when all is well. */
  readonly found: string;
  /** One line of figures. */
  readonly figures: string;
}

export async function torture(options: TortureOptions, tell: (line: string) => void): Promise<Report> {
  const yard = layYard(options.cycles, options.isolation);
  const daemon = new Daemon(yard);
  const field: Field = {
    yard,
    daemon,
    client: new Client(yard, daemon),
    sender: new Sender(daemon),
    struck: new Set(),
    tally: new Map(),
    innocents: [],
    canChoosePids: options.canChoosePids,
    isWalled: options.isolation === "sandbox",
  };
  if (!yard.canFill) tell("no disk is filled: that needs root, to mount a small file system");
  if (!options.canChoosePids) tell("no pid is reused: that needs root, for a namespace of pids");
  let found = "";
  let cycle = 0;
  try {
    await startWell(field);
    const oracle = new Oracle(yard.dataDir, field.isWalled);
    for (; cycle < options.cycles; cycle++) {
      await oneCycle(field, oracle, planCycle(options.seed, cycle));
      if (cycle % 25 === 24) tell(`cycle ${cycle + 1}: ${figures(field)}`);
    }
    await end(field, oracle, options.settleMs);
  } catch (error) {
    const what =
      error instanceof Found ? error.message : String(error instanceof Error ? error.stack : error);
    found = `seed ${options.seed}, cycle ${cycle}: ${what}\n\n${evidence(field, planCycle(options.seed, cycle))}`;
  } finally {
    await daemon.kill();
    innocentsLive(field);
    clearOut(yard.folder);
  }
  const summary = `cycles ${cycle}, seed ${options.seed}, ${figures(field)}`;
  yard.note(`${summary}\n${found}`);
  yard.close(found !== "");
  return { found, figures: summary };
}

async function oneCycle(field: Field, oracle: Oracle, plan: Plan): Promise<void> {
  const { yard, sender } = field;
  yard.note(`cycle: ${JSON.stringify(plan)}`);
  if (field.canChoosePids) countPidsFrom(FIRST_PID);
  for (const order of plan.orders) yard.behave(`SHOP-${order.issue}`, order.behaviours);
  const sending = Promise.all(plan.orders.map((order) => sendOrder(field, order)));
  for (const fault of plan.faults) await meetFault(field, fault);
  await sending;
  await sender.sendAgain();
  insistItLives(field);
  insistOnNothing([...judge(field, oracle), ...innocentsLive(field), ...(await strays(field))]);
  if (field.isWalled) insistOnNothing(strangers(readLive(yard.dataDir), readBooks(yard.journal())));
  insistOnNothing(field.daemon.alarms.map((line) => `the daemon complains: ${line}`));
}

/** Every cycle takes its pids from the same few, so that many are used again. */
const FIRST_PID = 100;

async function sendOrder({ sender }: Field, order: Order): Promise<void> {
  await moment(order.afterMs);
  for (let n = 0; n < order.copies; n++) await sender.send(order.issue, `label-${order.issue}`);
  if (order.echo) await sender.send(order.issue, `echo-${order.issue}`);
}

function judge({ yard, sender, struck }: Field, oracle: Oracle): readonly string[] {
  // Acknowledged first, then rows, then books: what is later knows at least as much.
  const acknowledged = new Map(sender.acknowledged);
  const now = readRecords(yard.dataDir);
  return oracle.judge(now, readBooks(yard.journal()), { acknowledged, struck });
}

async function end(field: Field, oracle: Oracle, settleMs: number): Promise<void> {
  const now = await comeToRest(field, settleMs);
  insistOnNothing([...judge(field, oracle), ...(await judgeRest(field, now)), ...(await strays(field))]);
  const { code, signal } = await field.daemon.stop();
  if (code !== 0) throw new Found(`the daemon ended with ${code ?? signal} after SIGTERM`);
}

function figures({ yard, sender, daemon, tally }: Field): string {
  const { tasks, runs } = readRecords(yard.dataDir);
  const counts = (rows: readonly { status: string }[]): string =>
    Object.entries(Object.groupBy(rows, ({ status }) => status))
      .map(([status, these = []]) => `${these.length} ${status}`)
      .join(", ");
  const faults = [...tally].map(([kind, n]) => `${n} ${kind}`).join(", ");
  const { sent, repeated, refused, unanswered } = sender;
  return [
    `${sent} deliveries sent (${repeated} known, ${refused} refused, ${unanswered} unanswered)`,
    `${tasks.length} tasks (${counts(tasks)})`,
    `${runs.length} runs (${counts(runs)})`,
    `${daemon.starts} starts of the daemon`,
    `faults: ${faults}`,
  ].join("; ");
}

function evidence({ yard, daemon }: Field, plan: Plan): string {
  return [
    `plan: ${JSON.stringify(plan)}`,
    `the daemon's last words (of ${availableParallelism()} cores):`,
    ...daemon.lines.slice(-25),
    `kept: ${yard.folder} (torture.log, daemon.log, books/, evidence/)`,
  ].join("\n");
}
