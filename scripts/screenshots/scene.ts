/** What the pictures show: a project for each state of a card, with agents that bring it there and stay. */

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PLAYBOOK } from "../../cli/demo/pipeline/story.ts";
import type { Place } from "../../cli/stage/place.ts";
import { scriptedAgent } from "../../cli/stage/stage.ts";

const PREFIXES = { waiting: "SHOP", working: "API", queued: "DOCS", limited: "DATA", failed: "PAY" } as const;
const TASKS = {
  waiting: ["Let customers undo a cancelled order", "For an hour after it was cancelled."],
  working: ["Rate limits per customer instead of per address", "Big offices share an address."],
  queued: ["Sort the release notes by area", ""],
  limited: ["Find out why the nightly import is slow", ""],
  failed: ["Upgrade the payment library to version 9", ""],
} as const;

export type Project = keyof typeof TASKS;
export const PROJECTS = Object.keys(TASKS) as Project[];
/** The chat of each project. */
export const chatFor = (project: Project): number => -1_001_000_000_001 - PROJECTS.indexOf(project);
const nameOf = (project: Project): string => PREFIXES[project].toLowerCase();
export const taskFor = (project: Project): Readonly<Record<string, string>> => {
  const [title, body] = TASKS[project];
  return { project: nameOf(project), title, body };
};

const BOOK = {
  turnMs: 400,
  phases: {
    ...PLAYBOOK.phases,
    analysis: [
      {
        says: "Somebody has to say how.",
        ask: {
          title: "What happens to a refund that is on its way?",
          reason: "The payment provider may have it already; then it cannot be called back.",
          fields: [
            {
              name: "how",
              type: "choice",
              label: "What to do then",
              options: ["Charge again", "Refuse the undo"],
            },
          ],
        },
      },
      {
        artifact: JSON.stringify({
          verdict: "ready",
          summary:
            "Orders get an undo for one hour. A refund that is under way is charged again, with the old receipt.",
          requirements: [{ id: "R1", text: "An order can be restored for an hour.", check: "npm test" }],
          assumptions: [],
          open_questions: [],
        }),
        says: "Orders get an undo for one hour. A refund that is under way is charged again, with the old receipt.",
      },
    ],
    development: [
      {
        files: { "src/undo.ts": "export const UNDO_MS = 3_600_000;\n" },
        says: "Orders can be restored for an hour.",
      },
    ],
    review: [
      {
        artifact: JSON.stringify({ verdict: "approved", summary: "Small and tested.", findings: [] }),
        says: "Small and tested.",
      },
    ],
    deploy: [
      {
        artifact: JSON.stringify({ verdict: "HEALTHY", summary: "All well.", observed: [], way_back: "" }),
        says: "All well.",
      },
    ],
  },
};

const line = (value: object): string => `echo '${JSON.stringify(value)}'\n`;
const usage = {
  input_tokens: 18_400,
  output_tokens: 2_100,
  cache_read_input_tokens: 90_000,
  cache_creation_input_tokens: 21_000,
};
const BUSY =
  line({ type: "system", subtype: "init", session_id: "s", model: "claude-sonnet-5", tools: ["Edit"] }) +
  line({
    type: "assistant",
    session_id: "s",
    message: {
      ...{ id: "m1", role: "assistant", model: "claude-sonnet-5", usage },
      content: [{ type: "tool_use", id: "t1", name: "Edit", input: { file_path: "src/limits/customer.ts" } }],
    },
  });

/** @param limit what Claude Code prints at its limit @returns the configuration, and its file */
export function setUp({ folder, remote }: Place, api: string, token: string, limit: string): string {
  const program = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}`);
    chmodSync(path, 0o755);
    return path;
  };
  mkdirSync(join(folder, "book"));
  const book = join(folder, "book/playbook.json");
  writeFileSync(book, JSON.stringify(BOOK));
  const busy = program("busy", `cat > /dev/null\n${BUSY}exec sleep 600\n`);
  const limited = program("limited", `cat > /dev/null\ncat ${limit}\nexit 1\n`);
  const broken = program(
    "broken",
    "cat > /dev/null\necho 'npm error ERESOLVE could not resolve' >&2\nexit 1\n",
  );
  const config = join(folder, "chargehand.yaml");
  const projects = PROJECTS.map(
    (name) => `  - { name: ${nameOf(name)}, prefix: ${PREFIXES[name]}, clone_url: ${remote}, agent: ${name},
      concurrency: 1${name === "waiting" ? ", workflow: pipeline, publish: { to: branch, merge: true }" : ""} }\n`,
  );
  const chats = PROJECTS.map(
    (
      name,
    ) => `  - { channel: telegram, name: ${name}, projects: [${nameOf(name)}], token: "${token}", chat: ${chatFor(name)},
      api: ${api}, activity: 1s, people: [{ id: 111, name: ada }] }\n`,
  );
  writeFileSync(
    config,
    `data_dir: ${folder}/data
isolation: none
limits: { concurrency: 8 }
server: { webhooks: { host: 127.0.0.1, port: 0 }, admin: { host: 127.0.0.1, port: 0 } }
agents:
  waiting: { backend: command, argv: ${scriptedAgent(book)}, prompt: stdin }
  working: { backend: command, argv: [${busy}], prompt: stdin }
  queued: { backend: command, argv: [${busy}], prompt: stdin }
  limited: { backend: claude, program: ${limited}, accounts: [claude-max] }
  failed: { backend: command, argv: [${broken}], prompt: stdin, max_attempts: 1 }
accounts: { claude-max: { backend: claude, env: { HOME: ${folder} } } }
projects:
${projects.join("")}notify:
${chats.join("")}`,
  );
  return config;
}
