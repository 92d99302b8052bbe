/** Images of GitHub: which there are in a text, and that each is fetched without a token. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FAKE_REPO, startFakeGithub } from "../../../cli/stage/fake-github/start.ts";
import { createGithub } from "../../../forges/github/github.ts";
import { giveImages } from "../../../forges/images/fetch.ts";
import { systemFileFetch } from "../../../system/fetch/file.ts";
import { systemFiles } from "../../../system/files.ts";
import { common } from "../replies.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const GUID = "6f1a4e0e-1b2c-4d3e-8f90-123456789abc";

test("Only what lies with GitHub is an image of an item; addresses of others are text", () => {
  const { images } = createGithub({ ...common, apiUrl: "https://api.github.com", login: { token: "t" } }).ask;
  const own = [
    `https://github.com/user-attachments/assets/${GUID}`,
    `https://github.com/acme/shop/assets/12/${GUID}`,
    `https://private-user-images.githubusercontent.com/1/2-${GUID}.png`,
    "https://user-images.githubusercontent.com/1/2-abc.gif",
  ];
  const others = [
    ...["https://evil.example/user-attachments/assets/x", "http://github.com/user-attachments/assets/x"],
    ...[
      "https://github.com.evil.example/user-attachments/assets/x",
      "https://github.com/acme/shop/blob/main/a.png",
    ],
  ];
  const body = [`![x](${own[0]})`, `<img width="3" src="${own[1]}">`, ...own.slice(2), ...others].join("\n");
  assert.deepEqual(images.within(body), own);
  assert.deepEqual(images.within(`![](${own[0]})`.repeat(10_000)).length > 500, true, "and it takes no time");
});

test("An image of an issue and one of a comment are fetched by addresses that their texts as HTML name", async (t) => {
  const server = await startFakeGithub();
  t.after(() => server.close());
  const root = mkdtempSync(join(tmpdir(), "chargehand-github-images-"));
  t.after(() => rmSync(root, { recursive: true }));
  const [first, second] = [PNG, Buffer.concat([PNG, PNG])].map((bytes) =>
    server.people.attach({ base64: bytes.toString("base64") }),
  );
  const strange = `${server.url}/user-attachments/assets/${GUID}`;
  const { number } = server.people.open({
    ...{ repo: FAKE_REPO, by: "ada", title: "Login fails" },
    body: `![a](${first})\n<img src="http://127.0.0.1:1/1/2-${GUID}.png?jwt=x">\n${strange}`,
  });
  const said = server.people.comment({ repo: FAKE_REPO, by: "ada", number, body: `![b](${second})` });
  const { images } = createGithub({ ...common, apiUrl: server.api, login: { token: server.token } }).ask;
  const at = { place: FAKE_REPO, id: String(number) };
  const about = { by: "ada", at: 1 };
  const wanted = [
    { ...about, name: first ?? "", comment: null },
    { ...about, name: second ?? "", comment: String(said.id) },
    { ...about, name: strange, comment: null },
  ];
  const ports = { fetch: systemFileFetch(), files: systemFiles(), clock: common.clock };
  const folders = { kept: join(root, "kept"), given: join(root, "given") };
  const given = await giveImages(ports, { ask: images, at }, folders, wanted);
  assert.deepEqual(
    given.map((one) => (one.kind === "given" ? readFileSync(one.file).length : one.reason)),
    [PNG.length, 2 * PNG.length, "its host answered 404"],
  );
  assert.equal(server.world.assets.fetched, 2);
  assert.deepEqual(server.violations, []);
});
