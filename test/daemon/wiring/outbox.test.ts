/** What a whole daemon tells: by `notify test` to every kind of channel, and by digests; what `status` then says. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { change } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_GROUP, FAKE_PERSON, startFakeTelegram } from "../../../cli/stage/fake-telegram/start.ts";
import { startStage } from "../../../cli/stage/stage.ts";
import { createStore } from "../../../store/build.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { textsIn } from "../../chats/telegram/stage.ts";
import { chargehand } from "../../cli/scripted-daemon.ts";
import { putTask } from "../../conformance/database.ts";
import { secretOf } from "../../notifier/calls.ts";
import { startReceiver } from "../../notifier/receiver.ts";

const WRONG = "123457:AAF-another_token_that_is_wrong";

test("each channel is told of in words, with a remedy; a chat that is let in again is open again", async (t) => {
  const server = await startFakeTelegram({ speed: 1_000_000 });
  const receiver = await startReceiver(secretOf("k"));
  const folder = await mkdtemp(join(tmpdir(), "chargehand-trials-"));
  const file = join(folder, "chargehand.yaml");
  const telegram = `channel: telegram, api: "${server.url}", pace: 0.01`;
  const lines = [
    ...["data_dir: ./data", "isolation: none", 'agents: { dev: { backend: command, argv: ["true"] } }'],
    "server: { webhooks: { port: 0 }, admin: { port: 0 } }",
    `projects: [{ name: shop, clone_url: ${folder}/none.git, prefix: AC, agent: dev, base_branch: main }]`,
    "notify:",
    "  - { channel: log }",
    `  - { channel: webhook, name: till, url: "${receiver.url}", secret: ${secretOf("k")} }`,
    `  - { ${telegram}, name: team, token: "${server.token}", chat: ${FAKE_GROUP} }`,
    `  - { ${telegram}, name: wrong, token: "${WRONG}", chat: ${FAKE_GROUP} }`,
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const { daemon } = await startStage(file);
  t.after(async () => {
    await daemon.stop();
    await Promise.all([server.close(), receiver.close()]);
    await rm(folder, { recursive: true });
  });
  const run = (...args: string[]) =>
    chargehand(args, { CHARGEHAND_URL: daemon.adminUrl, CHARGEHAND_TOKEN: daemon.token }, 300);

  const all = await run("notify", "test");
  assert.equal(all.code, 1);
  assert.match(all.out, /^log: the test arrived/m);
  assert.match(all.out, /^webhook:till: the test arrived, as message [0-9a-z]{20}\.$/m);
  assert.match(all.out, /^telegram:team: the test arrived, as message \d+\.$/m);
  assert.match(all.out, /^telegram:wrong: the test was refused: Telegram answered 401.*\n {2}.*BotFather/m);
  assert.ok(!all.out.includes(WRONG.slice(7)));
  assert.equal(textsIn(server).size, 1);

  change(server.world, FAKE_GROUP, "kicked", FAKE_PERSON);
  const kicked = await run("notify", "test", "telegram:team");
  assert.match(
    kicked.out,
    /^telegram:team: the test was refused: .*kicked.*\n {2}add the bot to the chat again$/m,
  );
  const closed = await run("status");
  assert.match(closed.out, /^telegram:team +closed .*kicked.*; add the bot to the chat again$/m);
  change(server.world, FAKE_GROUP, "member", FAKE_PERSON);
  const back = await run("notify", "test", "telegram:team", "--json");
  assert.deepEqual([back.code, JSON.parse(back.out).trials[0].outcome], [0, "arrived"]);
  assert.doesNotMatch((await run("status")).out, /^telegram:team/m);

  const unknown = await run("notify", "test", "telegram:taem");
  assert.equal(unknown.code, 4);
  assert.match(unknown.err, /there is no channel telegram:taem; did you mean "?telegram:team/);
});

test("a chat that asks for it is told what the time has brought", async (t) => {
  const server = await startFakeTelegram({ speed: 1_000_000 });
  const folder = await mkdtemp(join(tmpdir(), "chargehand-digests-"));
  const file = join(folder, "chargehand.yaml");
  const at = new Date().toISOString().slice(11, 16);
  const lines = [
    ...["data_dir: ./data", "isolation: none", 'agents: { dev: { backend: command, argv: ["true"] } }'],
    "server: { webhooks: { port: 0 }, admin: { port: 0 } }",
    `projects: [{ name: shop, clone_url: ${folder}/none.git, prefix: SHOP, agent: dev, base_branch: main }]`,
    "notify:",
    `  - { channel: telegram, api: "${server.url}", pace: 0.01, token: "${server.token}", chat: ${FAKE_GROUP}, cards: none,`,
    `      digest: { at: "${at}", timezone: UTC } }`,
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  await (await startStage(file)).daemon.stop();
  const engine = await openSqlite(join(folder, "data", "chargehand.db"));
  await putTask({ engine, store: createStore(engine) }, 1, "blocked");
  await engine.close();
  const digests = () => [...textsIn(server).values()].filter((text) => text.includes("The day"));
  const { daemon } = await startStage(file);
  t.after(async () => {
    await daemon.stop();
    await server.close();
    await rm(folder, { recursive: true });
  });
  while (digests().length === 0) await server.world.wait(5_000, new AbortController().signal);
  assert.match(digests()[0] ?? "", /1 waits for you\n• SHOP-1 title/);
});
