/** The page of the scripted GitHub in a real browser: Markdown is shown as people see it, and never as code. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startFakeGithub } from "../../../../cli/stage/fake-github/start.ts";
import { NO_CHROMIUM, openBrowser } from "../../../../scripts/screenshots/chromium.ts";

/** Once this is true of the page; the page itself looks at it again and again. */
const once = (condition: string): string =>
  `new Promise((done) => { const look = () => ((${condition}) ? done(true) : setTimeout(look, 20)); look(); })`;

const HOSTILE = [
  "## Done <!-- chargehand:secret-mark -->",
  "<img src=x onerror=\"document.title = 'stolen'\"> [bad](javascript:alert(1)) **bold** `code`",
  "- [x] one\n- two",
  "<!-- never closed",
].join("\n\n");

test("in Chromium an issue and a pull request are seen as on a forge, and change as they are looked at", {
  skip: NO_CHROMIUM,
}, async (t) => {
  const github = await startFakeGithub();
  t.after(() => github.close());
  const { people } = github;
  const where = { repo: "acme/shop", by: "ada" };
  people.open({ ...where, title: "Broken", body: HOSTILE, labels: ["agent"] });
  await people.push({ ...where, branch: "fix", files: { "a.txt": "1\n" } });
  await people.openPull({ ...where, title: "Fix it", head: "fix", body: "Closes #1" });
  const browser = await openBrowser();
  t.after(() => browser.close());
  const { tab } = browser;
  await tab.look({ width: 1_000, height: 800, scale: 1, scheme: "light" });
  await tab.open(`${github.url}/acme/shop/issues/1`);
  await tab.evaluate(once(`document.querySelector(".text h3")?.textContent === "Done"`));
  assert.equal(await tab.evaluate(`document.querySelector(".text img, .text a")`), null);
  const text = String(await tab.evaluate("document.body.innerText"));
  assert.ok(!text.includes("secret-mark") && !text.includes("never closed"));
  assert.equal(await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "it fits");
  people.comment({ repo: "acme/shop", by: "bob", number: 1, body: "Me too" });
  await tab.evaluate(once(`document.body.innerText.includes("Me too")`));
  await tab.open(`${github.url}/acme/shop/pull/2`);
  await tab.evaluate(once(`document.querySelector(".badge")?.textContent.includes("Open")`));
  await github.ci.check({ repo: "acme/shop", at: "fix", name: "tests", conclusion: "failure" });
  await tab.evaluate(once(`document.querySelector(".checks .sign.failure")`));
  await people.merge({ ...where, number: 2 });
  await tab.evaluate(once(`document.querySelector(".badge.merged")`));
  assert.equal(await tab.evaluate("document.title"), "Forge (proof server)");
  assert.deepEqual(tab.complaints, []);
});
