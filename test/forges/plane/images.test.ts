/** Images of Plane: in the HTML of an item and beside it, fetched without the key. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { giveImages } from "../../../forges/images/fetch.ts";
import { createPlane } from "../../../forges/plane/plane.ts";
import { systemFileFetch } from "../../../system/fetch/file.ts";
import { systemFiles } from "../../../system/files.ts";
import { startPlane } from "../../proof/plane/start.ts";
import { common, served } from "../replies.ts";

const GIF = Buffer.from("GIF89a;", "latin1");
const ID = "6f1a4e0e-1b2c-4d3e-8f90-123456789abc";

test("An image stands in the HTML by its id, in the editor's element or as an address of Plane", () => {
  const { images } = createPlane({
    ...common,
    apiUrl: "https://plane.example",
    token: "t",
    workspace: "acme",
  }).ask;
  const html = [
    `<image-component id="x" src="${ID}" width="3"></image-component>`,
    `<img class="x" src="https://plane.example/api/assets/v2/workspaces/acme/${ID.replace("6", "7")}/">`,
    `<img src="https://evil.example/${ID}">`,
    `<image-component src="../../../users/me"></image-component>`,
  ];
  assert.deepEqual(images.within(html.join("")), [ID, ID.replace("6", "7")]);
  const begun = performance.now();
  images.within("<image-component ".repeat(60_000));
  assert.ok(performance.now() - begun < 2_000, "what never ends is looked at once");
});

test("What is in the text and what lies beside it is fetched where Plane leads; what is no image is not listed", async (t) => {
  const server = await startPlane();
  t.after(() => server.close());
  const root = mkdtempSync(join(tmpdir(), "chargehand-plane-images-"));
  t.after(() => rmSync(root, { recursive: true }));
  const item = server.people.create({ project: "SHOP", by: "ada", name: "Login fails" });
  const where = { project: "SHOP", by: "ada", number: item.sequence };
  const base64 = GIF.toString("base64");
  const inside = server.people.attach({ ...where, base64 });
  const beside = server.people.attach({ ...where, base64, isBeside: true });
  server.people.attach({ ...where, base64, isBeside: true, type: "application/pdf" });
  const { images } = createPlane({
    ...common,
    apiUrl: server.url,
    token: server.token,
    workspace: "acme",
  }).ask;
  const at = { place: server.project("SHOP").id, id: item.id };
  const listed = await images.beside(at);
  assert.ok(listed.kind === "ok");
  assert.deepEqual(
    listed.value.map(({ name, by }) => [name, by]),
    [[beside, server.user("ada").id]],
  );
  const wanted = [inside, beside, ID].map((name) => ({ name, by: "ada", at: 1, comment: null }));
  const ports = { fetch: systemFileFetch(), files: systemFiles(), clock: common.clock };
  const folders = { kept: join(root, "kept"), given: join(root, "given") };
  const given = await giveImages(ports, { ask: images, at }, folders, wanted);
  const seen = given.map((one) => (one.kind === "given" ? readFileSync(one.file, "latin1") : one.reason));
  assert.deepEqual(seen.slice(0, 2), ["GIF89a;", "GIF89a;"]);
  assert.match(seen[2] ?? "", /404/);
  assert.deepEqual(server.violations, []);
});

test("A Plane that leads nowhere by the item is asked by the workspace", () =>
  served(
    ({ url = "" }) =>
      url.startsWith(`/api/v1/workspaces/acme/assets/${ID}/`)
        ? { status: 200, body: { asset_url: "https://files.example/x?sig=1" } }
        : { status: url.includes("per_page=1") ? 200 : 404, body: { results: [] } },
    async (apiUrl) => {
      const { images } = createPlane({ ...common, apiUrl, token: "plane_api_good", workspace: "acme" }).ask;
      const found = await images.find({ place: "p", id: "i" }, { name: ID, comment: null });
      assert.deepEqual(found, {
        kind: "ok",
        value: { url: "https://files.example/x?sig=1", home: new URL(apiUrl).host },
      });
      assert.deepEqual(await images.beside({ place: "p", id: "i" }), { kind: "ok", value: [] });
    },
  ));
