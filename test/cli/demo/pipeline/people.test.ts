/** The people of the demo: what they answer at a terminal, by themselves, and when they go away; each once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPeople } from "../../../../cli/demo/pipeline/people.ts";
import { type AskPerson, terminalVoice } from "../../../../cli/demo/pipeline/terminal.ts";
import type { Stage } from "../../../../cli/stage/stage.ts";
import type { Sight } from "../../../../cli/stage/walk.ts";

type Task = Sight["task"];

const FIELD = { name: "where", label: "Where", options: ["readme", "everywhere"], default: "everywhere" };
const NOTHING = { key: "SHOP-1", questions: [], approvals: [], ci: [], runs: [] } as unknown as Task;

function sight(more: object): Task {
  return { ...NOTHING, ...more };
}

const ASKED = sight({ questions: [{ id: 7, status: "open", fields: [FIELD] }] });
const GATED = sight({ approvals: [{ phase: "analysis", status: "pending", asked_at: "t" }] });

/** What was posted for this task, where the person says these words one after another. */
async function posted(task: Task, words: readonly (string | null)[] | null): Promise<readonly string[]> {
  const posts: string[] = [];
  const post = async (path: string, body: object): Promise<never> => {
    posts.push(`${path} ${JSON.stringify(body)}`);
    return undefined as never;
  };
  const left = [...(words ?? [])];
  const ask: AskPerson = async () => left.shift() ?? null;
  const stage: Stage = { post, get: () => assert.fail(), daemon: undefined as never };
  const people = createPeople(
    stage,
    { tell: () => undefined, quote: () => undefined },
    terminalVoice(stage, words === null ? null : ask),
  );
  await people.act(task);
  await people.act(task);
  return posts;
}

const answer = (where: string): string =>
  `/tasks/SHOP-1/answer {"answers":{"where":"${where}"},"by":"you","question":7}`;

test("B3: a question is answered once: by what is proposed, or by what is typed and may be chosen", async () => {
  assert.deepEqual(await posted(ASKED, null), [answer("everywhere")]);
  assert.deepEqual(await posted(ASKED, [""]), [answer("everywhere")]);
  assert.deepEqual(await posted(ASKED, ["nowhere", "readme"]), [answer("readme")]);
});

test("D6: an approval is given or refused once, with what has to change", async () => {
  const [approve] = await posted(GATED, null);
  assert.equal(approve, '/tasks/SHOP-1/approve {"by":"you"}');
  for (const yes of ["", "y", "Yes"]) assert.deepEqual(await posted(GATED, [yes]), [approve]);
  const reject = '/tasks/SHOP-1/reject {"by":"you","because":"name the files"}';
  assert.deepEqual(await posted(GATED, ["name the files"]), [reject]);
  assert.deepEqual(await posted(GATED, ["n", "name the files"]), [reject]);
});

test("whoever goes away has said nothing", async () => {
  assert.deepEqual(await posted(ASKED, [null]), []);
  assert.deepEqual(await posted(GATED, [null]), []);
  assert.deepEqual(await posted(GATED, ["no", null]), []);
});

test("G4: CI tells of each commit once, and somebody says something while the architect is at work", async () => {
  const waits = { ci: [{ status: "pending", commit: "c0ffee" }] };
  assert.deepEqual(await posted(sight(waits), null), [
    '/tasks/SHOP-1/ci {"by":"ci","commit":"c0ffee","checks":[{"name":"build","status":"success"}]}',
  ]);
  const [said, ...more] = await posted(sight({ runs: [{ status: "running", phase: "architecture" }] }), null);
  assert.match(said ?? "", /^\/tasks\/SHOP-1\/say /);
  assert.deepEqual(more, []);
});
