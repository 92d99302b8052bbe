/** The page of the proof server in a real browser: what a bot says is seen, what a person presses and says is heard. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FAKE_GROUP, FAKE_PERSON, startFakeTelegram } from "../../../../cli/stage/fake-telegram/start.ts";
import { NO_CHROMIUM, openBrowser } from "../../../../scripts/screenshots/chromium.ts";

/** Once this is true of the page; the page itself looks at it again and again. */
const once = (condition: string): string =>
  `new Promise((done) => { const look = () => ((${condition}) ? done(true) : setTimeout(look, 20)); look(); })`;

test("in Chromium it shows a card as markup and never as code, fits it, and hears a press and words", {
  skip: NO_CHROMIUM,
}, async (t) => {
  const server = await startFakeTelegram();
  t.after(() => server.close());
  const browser = await openBrowser();
  t.after(() => browser.close());
  const { tab } = browser;
  await tab.look({ width: 420, height: 600, scale: 1, scheme: "dark" });
  const hostile = `<b>SHOP-1</b> &lt;img src=x onerror="document.title = 'stolen'"&gt; ${"long".repeat(200)}`;
  const button = { text: "Approve", callback_data: "token.approve.1", style: "success" };
  const message = { chat_id: FAKE_GROUP, text: hostile, parse_mode: "HTML" };
  const sent = await fetch(`${server.url}/bot${server.token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...message, reply_markup: { inline_keyboard: [[button]] } }),
  });
  assert.equal(sent.status, 200);
  await tab.open(`${server.url}/?chat=${FAKE_GROUP}`);
  await tab.evaluate(once(`document.querySelector(".text b")?.textContent === "SHOP-1"`));
  assert.equal(await tab.evaluate(`document.querySelector(".text img")`), null);
  assert.equal(await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "it fits");
  await tab.evaluate(`document.querySelector(".row button.success").click()`);
  await tab.evaluate(`(text.value = "/status", say.requestSubmit())`);
  await tab.evaluate(
    once(`[...document.querySelectorAll(".own .text")].some((one) => one.textContent === "/status")`),
  );
  assert.equal([...server.world.presses.values()].length, 1);
  const heard = [...server.world.bots.values()].flatMap(({ updates }) => updates.map(({ update }) => update));
  assert.deepEqual(
    heard.map(({ message: said, callback_query: pressed }) => [said !== undefined, pressed !== undefined]),
    [
      [false, true],
      [true, false],
    ],
  );
  assert.match(JSON.stringify(heard), new RegExp(`"id":${FAKE_PERSON},`));
  assert.equal(await tab.evaluate("document.title"), "Chat (proof server)");
  assert.deepEqual(tab.complaints, []);
});
