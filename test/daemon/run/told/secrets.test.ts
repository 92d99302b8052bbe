/** Secret answers: where they lie, who is given them, and when they go. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runFolder } from "../../../../agents/supervision/run-folder.ts";
import {
  dropSecrets,
  forgetSecrets,
  giveSecrets,
  keepSecrets,
  readSecrets,
  sweepSecrets,
  takeBackSecrets,
} from "../../../../daemon/run/told/secrets.ts";
import { systemFiles } from "../../../../system/files.ts";
import type { Question } from "../../../../workflow/phases/question.ts";
import type { TaskStatus } from "../../../../workflow/states.ts";
import { task } from "../../../workflow/decide/snapshot.ts";
import { question } from "../../../workflow/questions.ts";

function scene(t: TestContext, rows: readonly Question[] = [], status: TaskStatus = "active") {
  const dataDir = mkdtempSync(join(tmpdir(), "chargehand-secrets-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const learnt: string[] = [];
  let drawn = 0;
  return {
    learnt,
    names: () => readdirSync(join(dataDir, "secrets")).sort(),
    ports: {
      files: systemFiles(),
      dataDir,
      chance: { token: () => `t0ken-${++drawn}` },
      log: { redactor: { learn: (secrets: readonly string[]) => void learnt.push(...secrets) } },
      store: {
        questions: {
          get: async (id: number) => rows.find((row) => row.id === id) ?? null,
          ofTask: async () => rows,
        },
        tasks: { get: async () => task(status) },
      },
    },
  };
}

test("I12: values lie in a file that nobody else may read, by a name that tells answers apart, and are known", async (t) => {
  const { ports, learnt, names } = scene(t);
  const [first, second] = [
    await keepSecrets(ports, 4, { token: "one" }),
    await keepSecrets(ports, 4, { token: "two" }),
  ];
  assert.deepEqual(names(), [`4-${first}.json`, `4-${second}.json`]);
  const folder = join(ports.dataDir, "secrets");
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, `4-${first}.json`)).mode & 0o777, 0o600);
  assert.deepEqual(await readSecrets(ports, { id: 4, secrets: second }), { token: "two" });
  assert.deepEqual(learnt, ["one", "two", "two"]);
  await dropSecrets(ports, 4, first);
  assert.deepEqual(await readSecrets(ports, { id: 4, secrets: first }), {});
  assert.deepEqual(await readSecrets(ports, { id: 4, secrets: null }), {});
});

test("B3, I12: a run has its secrets as files of its own until it ends, and is told where; one that is gone is told so", async (t) => {
  const { ports } = scene(t);
  const directory = join(ports.dataDir, "run");
  const secrets = await keepSecrets(ports, 1, { token: "s3cret" });
  const answers = { size: "small", token: "(secret)" };
  const plain = question({ id: 3, status: "expired" });
  const [here, gone, without] = await giveSecrets(
    ports,
    [question({ answers, secrets }), question({ id: 2, answers, secrets: "gone" }), plain],
    directory,
  );
  const path = `${runFolder(directory).answers}/token`;
  assert.deepEqual(here?.answers, {
    size: "small",
    token: `(secret: in the file ${path} while this run lasts)`,
  });
  assert.deepEqual(gone?.answers, { size: "small", token: "(secret, and kept no more)" });
  assert.equal(without, plain);
  assert.deepEqual([readFileSync(path, "utf8"), statSync(path).mode & 0o777], ["s3cret", 0o600]);
  await takeBackSecrets(ports, directory);
  assert.equal(existsSync(runFolder(directory).answers), false);
  await takeBackSecrets(ports, directory);
});

test("I12: what an unfinished task was answered stays and is known again; what no answer names goes after a while", async (t) => {
  const row = question({ id: 7, secrets: "t0ken-1" });
  const { ports, learnt, names } = scene(t, [row]);
  await sweepSecrets(ports, 0);
  await keepSecrets(ports, 7, { token: "mine" });
  await keepSecrets(ports, 7, { token: "late" });
  await keepSecrets(ports, 8, { token: "lost" });
  learnt.length = 0;
  const [folder, soon] = [join(ports.dataDir, "secrets"), Date.now()];
  await sweepSecrets(ports, soon);
  assert.deepEqual([names().length, learnt], [3, ["mine"]]);
  for (const name of names()) utimesSync(join(folder, name), 1, 1);
  await sweepSecrets(ports, soon);
  assert.deepEqual(names(), ["7-t0ken-1.json"]);
});

test("I12: with the end of its task a secret is gone, at once or with the next sweep", async (t) => {
  const row = question({ id: 7, secrets: "t0ken-1" });
  for (const end of [forgetSecrets, sweepSecrets]) {
    const { ports, names } = scene(t, [row], "cancelled");
    await keepSecrets(ports, 7, { token: "mine" });
    await (end === forgetSecrets ? forgetSecrets(ports, "SHOP-12") : sweepSecrets(ports, 0));
    assert.deepEqual(names(), []);
  }
});
