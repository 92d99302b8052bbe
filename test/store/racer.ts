/**
 * One of several processes that open one new database file at once, migrate it, and start the same tasks from the same
 * outside names. Usage: `node racer.ts FILE TASKS`.
 */

import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { ask } from "../../store/settle.ts";
import { SINGLE } from "../../workflow/workflow.ts";

const [file = "", count = "0"] = process.argv.slice(2);
const NOW = 1_750_000_000_000;

const engine = await openSqlite(file);
await migrate(engine, NOW);
const store = createStore(engine);
for (let issue = 1; issue <= Number(count); issue++) {
  const intent = {
    kind: "start_task",
    project: "shop",
    by: { kind: "github", name: "ada" },
    key: `github:acme/shop#${issue}`,
    because: "label agent",
    refs: [{ source: "github", kind: "issue", id: `acme/shop#${issue}` }],
    title: `Issue ${issue}`,
    body: "",
    url: null,
    author: null,
    // Half of them bring a number, and all want the same one.
    number: issue % 2 === 0 ? 10 : null,
    priority: 0,
    explicit: false,
    facts: { prefix: "SHOP", workflow: SINGLE, agent: "developer", agents: {}, baseBranch: "main" },
  } as const;
  await ask(store, [intent], null, NOW);
}
await store.close();
