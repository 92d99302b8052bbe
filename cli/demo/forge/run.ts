/**
 * The demo of a forge: an issue is labelled, and ends with a merged pull request. CI fails on the way, a review wants
 * something else, and all of it is seen at a page that shows issue and pull request as people see them.
 */

import type { StatusAnswer } from "../../../handlers/api/status.ts";
import type { TaskAnswer, WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import type { FakeGithub } from "../../stage/fake-github/start.ts";
import { leavePlace } from "../../stage/place.ts";
import { type Stage, startStage } from "../../stage/stage.ts";
import { createTeller, type Teller, tellStep } from "../../stage/telling.ts";
import { walk } from "../../stage/walk.ts";
import { type DemoOptions, keepUntilInterrupted, wallsLine } from "../keeping.ts";
import { startForge, viewOf } from "./forge.ts";
import { createForgePeople, type ForgePeople } from "./people.ts";
import { type ForgeReport, forgeSummary, gatherForgeReport } from "./report.ts";
import { makeFolder, SECRET, setForgeScene } from "./scene.ts";
import { headOf, sightsOf } from "./sights.ts";
import { REPO } from "./story.ts";

const PATIENCE_MS = 60_000;
/** A person at the page may think. */
const LIMIT_MS = 60 * 60_000;
const LOOK_MS = 100;
/** How long the forge may take to show the end. */
const SETTLED_MS = 30_000;
const PLACE_CHARS = 12;
const YOURS = "You are ada and bob there: comment /agent at the issue, and review what comes of it.";
/** Where somebody looks on. */
const SLOW = { turnMs: 900, thinkMs: 3_000 };
const FAST = { turnMs: 120, thinkMs: 0 };

export interface ForgeDemoOptions extends DemoOptions {
  /** Whether people do their part by themselves; else whoever is at the page does. */
  readonly areAlone: boolean;
  /** Whether somebody looks on. */
  readonly isWatched: boolean;
  /** Columns. */
  readonly width: number;
  /** Looks on at the forge, which waits for that. */
  readonly onLook?: (github: FakeGithub) => Promise<void>;
}

export interface ForgeResult {
  readonly report: ForgeReport;
  readonly failure: string | null;
}

/**
 * However it ends, nothing of it is left behind. Whoever goes away while it is set up waits for the step in hand alone.
 * @returns `null` when it was interrupted before it began
 */
export async function runForgeDemo(options: ForgeDemoOptions): Promise<ForgeResult | null> {
  const { interrupted } = options;
  if (interrupted.aborted) return null;
  const folder = await makeFolder();
  try {
    const github = await startForge(folder);
    try {
      if (interrupted.aborted) return null;
      const scene = await setForgeScene(github, folder, (options.isWatched ? SLOW : FAST).turnMs);
      if (interrupted.aborted) return null;
      const stage = await startStage(scene.config);
      try {
        if (interrupted.aborted) return null;
        github.addHook(REPO, { url: `${stage.daemon.webhooksUrl}/webhooks/github`, secret: SECRET });
        return await play(stage, github, scene, options);
      } finally {
        await stage.daemon.stop();
      }
    } finally {
      await github.close();
    }
  } finally {
    await leavePlace({ folder });
  }
}

interface Play {
  readonly stage: Stage;
  readonly github: FakeGithub;
  readonly people: ForgePeople;
  readonly options: ForgeDemoOptions;
  /** Tells what has come to be seen at the forge since the last look. */
  readonly tellForge: () => void;
  readonly teller: Teller;
}

async function play(
  stage: Stage,
  github: FakeGithub,
  scene: { readonly config: string; readonly folder: string },
  options: ForgeDemoOptions,
): Promise<ForgeResult> {
  const { say, width, clock, areAlone, isWatched, interrupted } = options;
  const began = clock.monotonic();
  const elapsed = (): number => (clock.monotonic() - began) / 1_000;
  const teller = createTeller({ say, width, phaseChars: PLACE_CHARS, elapsed });
  const { isolation } = await stage.get<StatusAnswer>("/status");
  say(`Chargehand demo of the circle at a forge, in ${scene.folder}`);
  say(`  ${wallsLine(isolation)}`);
  say("  They are scripted: no model is called, nothing is spent.");
  say(`  The forge: ${github.url}   ${areAlone ? "ada and bob do their part by themselves." : YOURS}`);
  say("");
  const think = (): Promise<void> => clock.sleep((isWatched ? SLOW : FAST).thinkMs, interrupted);
  const people = createForgePeople({ github, folder: scene.folder, areAlone, think });
  const playing: Play = { stage, github, people, options, teller, tellForge: forgeTeller(github, teller) };
  const key = await begun(playing);
  const failed = key === null ? "it was interrupted" : await follow(playing, key);
  const late = failed === null ? await settle(playing) : null;
  const report = await gatherForgeReport(stage, github, key);
  const failure = failed ?? late ?? whyOdd(report);
  say("");
  for (const line of forgeSummary(report)) say(line);
  if (options.keep && failure === null) {
    const tries = [
      "status",
      ...["task", "explain", "logs"].map((one) => `${one} ${key}`),
      "deliveries",
      "outbox",
    ];
    await keepUntilInterrupted(stage.daemon, scene, tries, options);
  }
  return { report, failure };
}

function forgeTeller(github: FakeGithub, teller: Teller): () => void {
  const told = new Map<string, string>();
  return () => {
    for (const { id, place, text, quotes } of sightsOf(viewOf(github))) {
      if (told.get(id) === text) continue;
      told.set(id, text);
      teller.tell({ phase: place, text });
      teller.quote(quotes);
    }
  };
}

/** Until the issue has become a task. @returns its key; `null` when it was interrupted */
async function begun({ stage, people, options, tellForge }: Play): Promise<string | null> {
  const { clock, interrupted } = options;
  for (;;) {
    tellForge();
    const [task] = (await stage.get<{ tasks: TaskAnswer[] }>("/tasks")).tasks;
    if (task !== undefined) return task.key;
    if (interrupted.aborted) return null;
    await people.act();
    await clock.sleep(LOOK_MS, interrupted);
  }
}

/** @returns why it did not end well; `null` when it did */
async function follow(
  { stage, github, people, options, teller, tellForge }: Play,
  key: string,
): Promise<string | null> {
  const { clock, interrupted, areAlone } = options;
  const end = await walk({
    ...{ stage, clock, interrupted, task: key },
    patienceMs: areAlone ? PATIENCE_MS : LIMIT_MS,
    limitMs: LIMIT_MS,
    async look({ task, events }) {
      for (const event of events) {
        const told = tellStep(event, task);
        if (told !== null) teller.tell(told);
        teller.quote(saidBy(event, task));
      }
      tellForge();
      await options.onLook?.(github);
      if (!interrupted.aborted) await people.act();
    },
  });
  if (end.kind === "given up") return end.reason;
  return end.task.status === "done" ? null : `${key} is ${end.task.status}: ${end.task.reason}`;
}

function saidBy(
  { kind, data }: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> },
  task: WholeTaskAnswer,
): readonly string[] {
  if (kind !== "run.succeeded") return [];
  const summary = task.runs.find(({ id }) => id === data["run"])?.summary ?? null;
  return summary === null ? [] : [`“${summary}”`];
}

/** Waits until issue and pull request show the end. @returns what they do not; `null` when they do */
async function settle({ github, options, tellForge }: Play): Promise<string | null> {
  const { clock, interrupted } = options;
  const began = clock.monotonic();
  for (;;) {
    tellForge();
    await options.onLook?.(github);
    const late = notShown(github);
    if (late === null || clock.monotonic() - began > SETTLED_MS) return late;
    if (interrupted.aborted) return "it was interrupted";
    await clock.sleep(LOOK_MS, interrupted);
  }
}

function notShown(github: FakeGithub): string | null {
  const { repo, issue, pull } = viewOf(github);
  const comments = [...repo.comments.values()].filter((one) => one.issue === issue?.number);
  if (pull?.pull.merged == null) return "the pull request is not merged";
  if (issue?.isOpen !== false) return "the issue is still open";
  return comments.some(({ body }) => headOf(body).includes("Done"))
    ? null
    : "the issue's comment does not say that it is done";
}

function whyOdd({ violations: [violation] }: ForgeReport): string | null {
  return violation === undefined ? null : `a call did not fit what the forge documents: ${violation}`;
}
