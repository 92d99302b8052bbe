/**
 * A correction said in a chat reaches the agent in the session in which it has worked so far: as the program is told by
 * its arguments. The program stands in for Codex, whose lines it prints.
 */

import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DaemonProcess } from "../daemon-process.ts";
import { seenWhen } from "./room.ts";
import { telegramRoom } from "./telegram.ts";

const SESSION = "0199aaaa-0000-7000-8000-00000000cafe";

/** Notes its arguments and its prompt, and waits in its first run until it is let go. */
function codex(folder: string): string {
  const path = join(folder, "codex");
  const say = (line: object): string => `printf '%s\\n' '${JSON.stringify(line)}'`;
  const script = `#!/bin/sh
count=$(ls ${folder} | grep -c '^argv-')
echo "$*" > ${folder}/argv-$count
cat > ${folder}/prompt-$count
${say({ type: "thread.started", thread_id: SESSION })}
${say({ type: "turn.started" })}
while [ "$count" = 0 ] && [ ! -e ${folder}/go ]; do sleep 0.05; done
echo "line $count" >> work.txt
${say({ type: "item.completed", item: { id: "item_0", type: "agent_message", text: "Done." } })}
${say({ type: "turn.completed", usage: { input_tokens: 9, cached_input_tokens: 0, output_tokens: 3 } })}
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

test("Telegram: what is said below a card is told to the agent in its session, while it works and when it is done", async () => {
  const room = await telegramRoom();
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const note = (name: string): string => readFileSync(join(stage.folder, name), "utf8");
  const card = (key: string, state: string) =>
    seenWhen(stage, room, `${key} is ${state}`, ({ text }) => text.includes(key) && text.includes(state));
  try {
    stage.configure({ argv: [], agent: `{ backend: codex, program: ${codex(stage.folder)} }` });
    writeFileSync(stage.config, `${readFileSync(stage.config, "utf8")}notify:\n  - ${room.entry}\n`);
    await stage.start();
    room.hearAt(stage.urls.webhooks);
    await room.command("/new shop Mend the spelling", "ada");
    await stage.until("the agent works", () => existsSync(join(stage.folder, "prompt-0")));
    await room.reply(await card("SHOP-1", "Working"), "Keep the line breaks", "ada");
    await stage.until("it is written down", () => room.seen().some(({ text }) => text.includes("next run")));
    writeFileSync(join(stage.folder, "go"), "");
    const done = await card("SHOP-1", "Done");
    assert.doesNotMatch(note("argv-0"), /resume/);
    assert.match(note("argv-1"), new RegExp(` resume ${SESSION}$`, "m"));
    assert.match(note("prompt-1"), /Keep the line breaks/);

    await room.reply(done, "And the tabs", "ada");
    await card("SHOP-2", "Done");
    assert.match(note("argv-2"), new RegExp(` resume ${SESSION}$`, "m"));
    assert.match(note("prompt-2"), /And the tabs/);
  } finally {
    writeFileSync(join(stage.folder, "go"), "");
    await stage.close();
    await room.close();
  }
});
