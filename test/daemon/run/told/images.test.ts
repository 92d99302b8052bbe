/** The images of a task are told to its agent as files of its run. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { tellImages } from "../../../../daemon/run/told/images.ts";
import type { ImagesAsk } from "../../../../forges/images/images.ts";
import { systemFiles } from "../../../../system/files.ts";
import { type ContextImage, NO_CONTEXT } from "../../../../workflow/outside/context.ts";
import { task } from "../../../workflow/decide/snapshot.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const AT = { source: "github", place: "acme/shop", id: "1" };

function scene(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "chargehand-told-images-"));
  t.after(() => rmSync(root, { recursive: true }));
  const told: object[] = [];
  const find: ImagesAsk["find"] = async ({ place, id }, { name }) => ({
    kind: "ok",
    value: { url: `${place}#${id} ${name}`, home: null },
  });
  const ask: ImagesAsk = { find, within: () => [], beside: async () => ({ kind: "ok", value: [] }) };
  const images = {
    directory: join(root, "images"),
    files: systemFiles(),
    clock: { monotonic: () => 0 },
    fetch: {
      fetch: async (_operation: string, { url }: { readonly url: string }) =>
        url === "acme/shop#1 good"
          ? ({ kind: "response", status: 200, headers: {}, bytes: PNG } as const)
          : ({ kind: "refused", reason: "it leads into a private network" } as const),
    },
    askOf: (source: string) => (source === "github" ? ask : null),
  };
  const log = { info: (entry: object) => told.push(entry) };
  const run = join(root, "run");
  const tell = (names: readonly string[], at: typeof AT | null = AT, ports: object = { images }) => {
    const list = names.map((name): ContextImage => ({ name, by: "olga", at: 1, comment: null }));
    return tellImages({ ...ports, log } as never, task("active"), { ...NO_CONTEXT, at, images: list }, run);
  };
  return { run, told, tell };
}

test("Each is a file beside the text from outside, or is named with why there is none, and the log says so", async (t) => {
  const { tell, run, told } = scene(t);
  const [good, bad] = await tell(["good", "bad"]);
  assert.equal(good?.file, `${run}/asked/image-1.png`);
  assert.deepEqual(readFileSync(good.file), PNG);
  assert.deepEqual([bad?.file, bad?.reason], [null, "it leads into a private network"]);
  const reason = "it leads into a private network";
  assert.deepEqual(told, [{ event: "image.missing", task: "SHOP-12", reason }]);
});

test("Where nobody can be asked any more the agent is told so", async (t) => {
  const { tell } = scene(t);
  for (const at of [null, { ...AT, source: "plane" }])
    assert.deepEqual(
      (await tell(["good"], at)).map(({ reason }) => reason),
      ["there is nobody to ask for it"],
    );
  assert.deepEqual(await tell(["good"], AT, {}), []);
});
