/** The events that a webhook is made with are those that are read when they come. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOOK_EVENTS } from "../../../cli/init/hook.ts";
import { GITHUB } from "../../../handlers/github/github.ts";
import { githubExamples } from "../../handlers/payloads.ts";

test("what GitHub is asked to send is exactly what is read", () => {
  const audience = {
    ...{ source: "github" as const, projects: [], own: [], known: GITHUB.facts.nothing },
    settings: null,
  } as const;
  const read = githubExamples().filter(({ name, examples }) =>
    examples.some((payload) => {
      const decoded = GITHUB.decode(name, payload, audience);
      return !(decoded.kind === "ignore" && decoded.reason === `nothing listens to '${name}'`);
    }),
  );
  // GitHub sends a ping to each hook, asked or not.
  const names = read.map(({ name }) => name).filter((name) => name !== "ping");
  assert.deepEqual(HOOK_EVENTS.toSorted(), names.toSorted());
});
