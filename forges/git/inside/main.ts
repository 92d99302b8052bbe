/**
 * The step inside the walls: a program of its own, which reads what an agent left and answers with a report and a pack
 * of new objects. It has no credentials, and runs git only with repositories that it made itself.
 *
 * Most of what agents leave is sound, so it is first taken to be; where git refuses something, it is looked at piece by
 * piece; and where that fails, too, only the files count.
 */

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { contentOf, isFolder, makeFolder } from "./files.ts";
import { GitRefused, LONG_CALL_MS, neutral, type StepGit } from "./git.ts";
import { borrow } from "./objects.ts";
import { type GatherReport, type GatherRequest, PACK_FILE } from "./report.ts";
import { type Care, takeWork, type Work } from "./work.ts";

function gather(request: GatherRequest): GatherReport {
  const env = neutral(request.path, request.scratch);
  const ways: readonly Care[] = request.filesOnly ? ["files"] : ["quick", "careful", "files"];
  let refused = "";
  for (const care of ways)
    try {
      const scratch = `${request.scratch}/${care}`;
      makeFolder(scratch);
      const work = takeWork({ ...request, scratch }, care, env);
      const hasPack = pack(request, work);
      const told = care === "files" && refused !== "" ? [`its commits cannot be read (${refused})`] : [];
      const { tips, headBranch, exceptions } = work;
      return { tips, headBranch, hasPack, told: [...told, ...exceptions.told], left: exceptions.left };
    } catch (error) {
      if (!(error instanceof GitRefused) || care === "files") throw error;
      refused = error.message;
    }
  throw new Error(refused);
}

/** Writes what the daemon's repository does not have. */
function pack({ scratch, start, known, objects }: GatherRequest, { copy, tips, lent }: Work): boolean {
  if (tips.every(({ commit }) => commit === start || known.includes(commit))) return false;
  if (lent.length > 0) borrow(copy.path, [objects, ...lent]);
  const path = `${scratch}/${PACK_FILE}`;
  const output = openSync(path, "w", 0o600);
  try {
    const without = [start, ...known].map((commit) => `^${commit}`);
    const input = [...new Set(tips.map(({ commit }) => commit)), ...without, ""].join("\n");
    packInto(copy.git, input, output);
  } finally {
    closeSync(output);
  }
  // The number of objects stands in the header.
  return (contentOf(path, Number.POSITIVE_INFINITY, 12)?.readUInt32BE(8) ?? 0) > 0;
}

function packInto(git: StepGit, input: string, output: number): void {
  git(["pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset", "--threads=1"], {
    ...{ input, output, limitMs: LONG_CALL_MS },
  });
}

// Started without a request, it has only filled Node's cache of code.
const asked = readFileSync(0, "utf8");
if (asked !== "") answer(JSON.parse(asked));

function answer(request: GatherRequest): void {
  // A link there would lead git into a neighbour's folder, or through the whole machine.
  if (!isFolder(request.directory))
    throw new Error(`${request.directory} is no folder any more: something else lies in its place`);
  writeSync(1, `${JSON.stringify(gather(request))}\n`);
}
