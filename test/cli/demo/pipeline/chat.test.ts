/** `chargehand demo --chat`: the workflow as it is seen and answered in a chat, with nobody there and with somebody. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PipelineReport } from "../../../../cli/demo/pipeline/report.ts";

const PROGRAM = fileURLToPath(new URL("../../../../bin/chargehand.js", import.meta.url));

interface SeenMessage {
  readonly id: number;
  readonly text: string;
  readonly keyboard: readonly (readonly { readonly text: string; readonly callback_data: string }[])[];
}

interface Seen {
  readonly version: number;
  readonly chats: readonly { readonly id: number; readonly messages: readonly SeenMessage[] }[];
}

test("with --yes people answer by buttons in the chat, within its limits, and its cards show the end", async () => {
  const flags = [PROGRAM, "demo", "--chat", "--yes", "--json"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags);
  assert.equal(stderr, "");
  const { tasks, approvals, questions, freezes, runs, chat }: PipelineReport = JSON.parse(stdout);
  assert.deepEqual(
    tasks.map(({ key, status }) => `${key} ${status}`),
    ["SHOP-1 done", "BOOK-1 done"],
  );
  assert.deepEqual(
    approvals.filter(({ phase }) => phase === "analysis").map((one) => [one.status, one.decided_by]),
    [["approved", "ada"]],
  );
  assert.deepEqual(
    questions.map(({ answers }) => answers),
    [{ where: "everywhere" }],
  );
  assert.match(runs.find(({ phase }) => phase === "development")?.summary ?? "", /The line breaks stay/);
  assert.equal(freezes.at(-1)?.data["by"], "ada");
  assert.deepEqual([chat?.cards, chat?.violations], [2, 0]);
  assert.ok(chat !== null && chat.edited > 0, stdout);
});

test("without --yes it waits for a press at its page, and Ctrl-C ends it with nothing left behind", async (t) => {
  const demo = spawn(process.execPath, [PROGRAM, "demo", "--chat"], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => demo.kill("SIGKILL"));
  let out = "";
  const until = async (what: RegExp): Promise<readonly string[]> => {
    for await (const text of demo.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      out += String(text);
      if (what.test(out)) break;
    }
    return what.exec(out) ?? assert.fail(out);
  };
  const [, page = ""] = await until(/The chat: (\S+)\s+You are Ada there/);
  for (const path of ["/", "/page.js", "/page.css"])
    assert.equal((await fetch(page + path)).status, 200, path);
  const { chat, message, data } = await buttonOf(page, "readme");
  assert.doesNotMatch(out, /answered by/);
  const body = JSON.stringify({ chat, message, data, person: 111 });
  assert.equal((await fetch(`${page}/_/press`, { method: "POST", body })).status, 200);
  await until(/answered by ada: where=readme/);
  demo.kill("SIGINT");
  const [code] = await once(demo, "exit");
  assert.equal(code, 1, "it did not come to its end");
  const [, folder = ""] = / in (\S+)$/m.exec(out) ?? [];
  assert.deepEqual([folder !== "", existsSync(folder)], [true, false]);
  await assert.rejects(fetch(page));
});

/** Waits until a message of the chat has this button. */
async function buttonOf(page: string, label: string) {
  let version = -1;
  for (;;) {
    const answered = await fetch(`${page}/_/state?after=${version}`);
    const seen = (await answered.json()) as Seen;
    version = seen.version;
    for (const { id: chat, messages } of seen.chats)
      for (const { id: message, keyboard } of messages)
        for (const { text, callback_data: data } of keyboard.flat())
          if (text === label) return { chat, message, data };
  }
}
