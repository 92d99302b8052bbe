/** One case with one program, from an empty directory to a verdict. */

import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import type { Walls } from "../../agents/sandbox/walls.ts";
import type { Usage } from "../../workflow/run.ts";
import { type Case, expectedOf } from "./cases.ts";
import type { ModelServer } from "./model-server.ts";
import { type Part, type Performance, perform, prepareGround } from "./perform.ts";
import type { Plot } from "./plot.ts";
import type { Program } from "./programs.ts";
import { record } from "./record.ts";
import { differences, type Scene } from "./verdict.ts";

/** Port of the discard service, where nobody listens. */
const NOBODY = "http://127.0.0.1:9";
const FILE = "made-by-tool.txt";
const QUICK = `echo written > ${FILE}; cat ${FILE}`;
const LONG = `echo begun > ${FILE}; sleep 300`;
/** So much of an answer has gone out when somebody breaks it off. */
const DRIPS = 8;

export interface Stage {
  readonly server: ModelServer;
  /** Directory in which every case gets its own. */
  readonly base: string;
  /** Leave the directories of failed cases. */
  readonly keep: boolean;
  /** Directory for recordings of what the programs print, or `null`. */
  readonly recordings: string | null;
  /** What stands around the program. */
  readonly walls: Walls;
}

export interface Verdict {
  readonly wrong: readonly string[];
  readonly tookMs: number;
  /** The end of what it said on stderr, for a person. */
  readonly stderrTail: string;
}

export async function play(stage: Stage, program: Program, start: string, planned: Case): Promise<Verdict> {
  // Cases play at the same time on one machine, and a sweep must find the processes of its own run only.
  const id = `${program.name}-${planned.name}-${randomUUID().slice(0, 8)}`;
  const directory = `${stage.base}/${id}`;
  const ground = prepareGround(directory, stage.walls);
  const file = `${ground.worktree}/${FILE}`;
  const expected = expectedOf(program.name, planned);
  const partOf = (run: string, session: string | null, baseline: readonly Usage[]): Part => {
    const { plot, url } = placeOf(stage.server, id, planned);
    const when =
      planned.deed?.when === "answer_trickles"
        ? () => stage.server.played(plot).drips >= DRIPS
        : () => existsSync(file);
    const deed = planned.deed === null ? null : { when, what: planned.deed.what };
    const setup = program.setUp({ url, home: ground.home, name: planned.name });
    const { limitMs: timeoutMs } = expected;
    return { run, backend: program.name, program: start, setup, session, baseline, timeoutMs, deed };
  };
  let before: Performance | null = null;
  if (planned.name === "resume") {
    before = await perform(ground, partOf(`${id}-before`, null, []));
    rmSync(file, { force: true });
  }
  const session = before?.session ?? null;
  const performance = await perform(ground, partOf(id, session, before?.usage ?? []));
  const { recordings } = stage;
  if (recordings !== null) {
    const { exit } = performance.ended;
    record(`${recordings}/${program.name}`, { name: planned.name, program: start, ground, run: id, exit });
  }
  const scene: Scene = {
    ...{ program, expected, session, fileMade: existsSync(file), deedPlanned: planned.deed !== null },
    modelListens: planned.plot !== "refused",
    firstCallShown: planned.deed?.when === "answer_trickles",
    calls: stage.server.played({ audience: id }).calls.length,
  };
  const lost = planned.name === "resume" && session === null ? ["there was no session to resume"] : [];
  const wrong = [...lost, ...differences(scene, performance)];
  if (wrong.length === 0 || !stage.keep) rmSync(directory, { recursive: true, force: true });
  return { wrong, tookMs: performance.tookMs, stderrTail: performance.stderrTail };
}

function placeOf(
  server: ModelServer,
  audience: string,
  planned: Case,
): { readonly plot: Plot; readonly url: string } {
  const isLong = planned.deed?.when === "tool_runs";
  const { waitSeconds } = planned;
  const name = planned.plot === "refused" ? "silence" : planned.plot;
  const plot: Plot = { audience, name, waitSeconds, command: isLong ? LONG : QUICK };
  return { plot, url: planned.plot === "refused" ? NOBODY : server.urlFor(plot) };
}
