/** What a run did is looked back at with the real command line: turns, tools, prompt, last word, snapshots. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const NOT_FOUND = 4;

const WORKFLOW = `
name: two
session_turns_max: 3
phases:
  - { key: work, role: developer, instructions: Do it. }
  - { key: polish, role: developer, instructions: Make it simpler. }
  - { key: last, role: developer, instructions: Look at it once more. }
`;

/** Two turns of the same session in each run, in the words of a program that is known. */
function agent(folder: string): readonly string[] {
  const line = (value: object): string => `echo '${JSON.stringify(value)}'`;
  const call = (id: string, block: object): string => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 0,
    };
    const message = { id, model: "opus", stop_reason: "end_turn", content: [block], usage };
    const more = { parent_tool_use_id: null, request_id: `req_${id}`, timestamp: "2026-11-21T04:52:04.382Z" };
    return line({ type: "assistant", message, ...more });
  };
  const result = { tool_use_id: "t1", type: "tool_result", content: "ok" };
  const script = [
    `cat > ${folder}/prompt-$CHARGEHAND_PHASE`,
    line({ type: "system", subtype: "init", session_id: "s-1", model: "opus" }),
    call("m1", { type: "tool_use", id: "t1", name: "Bash", input: { command: "true" } }),
    line({ type: "user", message: { content: [result] }, parent_tool_use_id: null }),
    call("m2", { type: "text", text: "Done." }),
    "echo $CHARGEHAND_PHASE >> work.txt",
    `printf '{"status":"ok","summary":"did %s"}' $CHARGEHAND_PHASE > "$CHARGEHAND_RESULT"`,
  ];
  return ["/bin/sh", "-c", script.join("\n")];
}

interface Told {
  readonly runs: readonly { readonly id: string; readonly phase: string }[];
}

test("A16, D1, D13: a person looks back at turns, tools, prompts, last words and the ends of phases", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    writeFileSync(join(stage.folder, "two.yaml"), WORKFLOW);
    stage.configure({ argv: agent(stage.folder), workflow: "./two.yaml" });
    await stage.start();
    await stage.label(1);
    await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
    const { runs }: Told = JSON.parse(await chargehand(stage, "task", "SHOP-1", "--json"));
    const id = runs.find(({ phase }) => phase === "work")?.id ?? assert.fail();

    const { turns } = JSON.parse(await chargehand(stage, "runs", id, "--turns", "--json"));
    assert.deepEqual(
      turns.map((turn: Record<string, unknown>) => [
        turn["number"],
        turn["request_id"],
        turn["output_tokens"],
      ]),
      [
        [1, "req_m1", 5],
        [2, "req_m2", 5],
      ],
    );
    assert.match(await chargehand(stage, "runs", id), /tools +Bash 1/);
    assert.match(
      await chargehand(stage, "logs", id, "--tool", "Bash"),
      /^\{"type":"assistant".*"Bash".*\}\n$/,
    );
    assert.equal((await chargehandEnds(stage, "logs", id, "--tool", "Read")).code, NOT_FOUND);
    assert.match(await chargehand(stage, "runs", id, "--prompt"), /^# Task SHOP-1\n\nDo it\./);
    assert.equal(await chargehand(stage, "runs", id, "--response"), "did work\n");

    const { snapshots } = JSON.parse(await chargehand(stage, "task", "SHOP-1", "--snapshots", "--json"));
    assert.deepEqual(
      snapshots.map((one: Record<string, unknown>) => [one["phase"], one["status"], one["session_turns"]]),
      [
        ["work", "completed", 2],
        ["polish", "completed", 4],
        ["last", "completed", 6],
      ],
    );
    const { body } = await stage.api<{ events: readonly { kind: string; data: { phase?: string } }[] }>(
      "/api/v1/tasks/SHOP-1/events",
    );
    const rotated = body.events.filter(({ kind }) => kind === "session.rotated");
    assert.deepEqual(
      rotated.map(({ data }) => data.phase),
      ["last"],
      "the session that has had its turns is not gone on with",
    );
  } finally {
    await stage.destroy();
  }
});
