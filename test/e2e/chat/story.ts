/** What the scripted agents do in the circle: each step says by `needs` what has to have reached it from the chat. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Playbook } from "../../../cli/stage/playbook.ts";
import { scriptedAgent } from "../../../cli/stage/stage.ts";
import { DaemonProcess } from "../daemon-process.ts";
import type { Room } from "./room.ts";

export const SAID = {
  answer: "Only in the docs, please",
  reason: "Say which files are touched.",
  correction: "Please keep the line breaks as they are.",
} as const;
export const CHOICES = ["readme", "everywhere"] as const;

const question = (field: object): Readonly<Record<string, unknown>> => ({
  title: "Where to mend it",
  reason: "It stands in two files.",
  fields: [field],
});
const analysis = (summary: string): string =>
  JSON.stringify({ verdict: "ready", summary, requirements: [], assumptions: [], open_questions: [] });

const PLAYBOOK: Playbook = {
  turnMs: 30,
  phases: {
    analysis: [
      {
        says: "Somebody has to choose.",
        ask: question({ name: "where", type: "choice", label: "Where", options: CHOICES }),
      },
      {
        needs: [CHOICES[1]],
        says: "Somebody has to say more.",
        ask: question({ name: "which", type: "text", label: "Which of them" }),
      },
      { needs: [SAID.answer], artifact: analysis("It is to be mended."), says: "Understood." },
      { needs: [SAID.reason], artifact: analysis("README.md is touched."), says: "Understood better." },
    ],
    architecture: [
      {
        artifact: JSON.stringify({
          summary: "A word is replaced.",
          steps: [{ title: "Mend it", details: "In one file.", files: ["README.md"] }],
          tests: [],
          risks: [],
        }),
        says: "A word in a file.",
      },
    ],
    development: [{ needs: [SAID.correction], files: { "README.md": "# Shop, mended\n" }, says: "Mended." }],
    review: [
      { artifact: JSON.stringify({ verdict: "approved", summary: "Good.", findings: [] }), says: "Good." },
    ],
    testing: [
      {
        artifact: JSON.stringify({ verdict: "passed", summary: "It works.", tried: [], failures: [] }),
        says: "It works.",
      },
    ],
  },
};
/** Of the analysis (four) and the architecture: then more has to be asked for. */
const RUNS = 5;

/** A daemon whose only project is on the workflow `pipeline`, and shown in the room; not started yet. */
export function setCircle(room: Room): DaemonProcess {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const book = join(stage.folder, "playbook");
  mkdirSync(book);
  const file = join(book, "playbook.json");
  writeFileSync(file, JSON.stringify(PLAYBOOK));
  stage.configure({
    argv: [],
    workflow: "pipeline",
    agent: `{ backend: command, argv: ${scriptedAgent(file)}, prompt: stdin }`,
  });
  writeFileSync(
    stage.config,
    `${readFileSync(stage.config, "utf8")}    budget: { task_runs: ${RUNS} }\nnotify:\n  - ${room.entry}\n`,
  );
  return stage;
}
