/** An agent asks a person, with a real daemon, a real agent and the real command line; one answer is a secret. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
/** Neither in this file's name, nor in any word of the form. */
const VALUE = "hunter2-Zq9xw7";

const FORM = {
  title: "How to go on",
  reason: "two ways are open",
  fields: [
    { name: "size", type: "choice", label: "Which size?", options: ["small", "large"] },
    { name: "token", type: "secret", label: "The token of the registry" },
  ],
};

/** Asks once; says into which session it was called again; takes what it was answered into its work. */
function agent(folder: string): readonly string[] {
  const script = `
    cat > ${folder}/prompt-$(ls ${folder} | grep -c '^prompt-')
    if ! grep -q '## Answers' ${folder}/prompt-*; then cp ${folder}/form.json "$CHARGEHAND_ASK"; exit 0; fi
    printf '%s' "$CHARGEHAND_ANSWERS_DIR" > ${folder}/where
    stat -c %a "$CHARGEHAND_ANSWERS_DIR/token" > ${folder}/mode
    wc -c < "$CHARGEHAND_ANSWERS_DIR/token" > ${folder}/length
    cat "$CHARGEHAND_ANSWERS_DIR/token"
    echo done > work.txt`;
  return ["/bin/sh", "-c", script];
}

/** Every file below the folder whose bytes hold the text. */
function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const path = join(folder, name);
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path).includes(text);
  });
}

function answerFromInput(stage: DaemonProcess, input: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const command = [MAIN, "answer", ...args, "--config", stage.config];
    const child = execFile(process.execPath, command, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
    child.stdin?.end(input);
  });
}

test("B3, I7, I12: an agent asks and its run is over; a restarted daemon is answered, and the secret lies nowhere else", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    writeFileSync(join(stage.folder, "form.json"), JSON.stringify(FORM));
    stage.configure({ argv: agent(stage.folder), concurrency: 1 });
    await stage.start();
    await stage.label(1);
    await stage.until("SHOP-1 is blocked", async () => (await statusOf(stage, "SHOP-1")) === "blocked");
    const [why] = (await explain(stage, "SHOP-1")).reasons;
    assert.match(why?.sentence ?? "", /^SHOP-1 waits for somebody to answer .*\(size, token\): How to go on/);
    const before = await stage.api<{ runs: readonly { status: string }[] }>("/api/v1/tasks/SHOP-1");
    assert.deepEqual(
      before.body.runs.map(({ status }) => status),
      ["succeeded"],
    );

    await stage.end("SIGKILL");
    await stage.start();
    assert.equal(await statusOf(stage, "SHOP-1"), "blocked");
    assert.match(
      await chargehand(stage, "questions", "SHOP-1"),
      /size \(choice\) Which size\?: small, large/,
    );
    const wrong = await stage.api<{ errors: unknown }>("/api/v1/tasks/SHOP-1/answer", "POST", {
      answers: { size: "huge", token: VALUE, colour: "red" },
    });
    assert.deepEqual(
      [wrong.status, JSON.stringify(wrong.body.errors)],
      [
        400,
        '[{"path":"answers.colour","message":"there is no such field; there are size, token"},' +
          '{"path":"answers.size","message":"must be one of small, large"}]',
      ],
    );
    assert.deepEqual(filesWith(stage.dataDir, VALUE), []);
    assert.match(
      await answerFromInput(stage, `${VALUE}\n`, "SHOP-1", "size=large", "token=-"),
      /^Answered; SHOP-1 (goes on|is )/,
    );
    await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");

    const prompt = readFileSync(join(stage.folder, "prompt-1"), "utf8");
    assert.match(
      prompt,
      /## Answers: How to go on\n\nWhich size\? \(size\): large\nThe token of the registry \(token\): \(secret: in the file /,
    );
    assert.equal(readFileSync(join(stage.folder, "length"), "utf8").trim(), String(VALUE.length));
    assert.equal(readFileSync(join(stage.folder, "mode"), "utf8").trim(), "600");
    assert.equal(existsSync(readFileSync(join(stage.folder, "where"), "utf8")), false);
    await stage.until(
      "the secret is forgotten",
      () => readdirSync(join(stage.dataDir, "secrets")).length === 0,
    );
    const held = filesWith(stage.dataDir, VALUE);
    assert.deepEqual(
      held.map((path) => path.replace(/runs\/[^/]+/, "runs/RUN")),
      ["runs/RUN/stdout.log"],
    );
    assert.match(await chargehand(stage, "logs", "SHOP-1"), /\*{6}/);
    for (const shown of ["task", "questions", "explain"]) {
      const told = await chargehand(stage, shown, "SHOP-1", "--json");
      assert.ok(!told.includes(VALUE), shown);
    }
    assert.ok(!stage.log.includes(VALUE));
    const late = await stage.api<{ detail: string }>("/api/v1/tasks/SHOP-1/answer", "POST", {
      answers: { size: "small", token: "x" },
    });
    assert.equal(late.status, 409);
    assert.match(late.body.detail, /was answered by .* already: size = large, token = \(secret\)$/);
  } finally {
    await stage.close();
  }
});
