/** A name that nothing has is told with what may have been meant. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { misnamed, unknownProject, unknownTask } from "../../../handlers/api/find.ts";
import { project } from "../project.ts";

const OPTIONS = { projects: new Map([["shop", project()]]) };

async function told(response: Response | null): Promise<unknown> {
  assert.equal(response?.status, 404);
  return ((await response.json()) as { detail: unknown }).detail;
}

test("what is not there is named, with the project that it is nearly called", async () => {
  assert.equal(await told(unknownTask("SHOP-9")), "there is no task SHOP-9");
  const projects = [{ prefix: "SHOP" }, { prefix: "BARN" }];
  const meant = 'there is no task SHPO-9; did you mean "SHOP-9"?';
  assert.equal(await told(unknownTask("SHPO-9", projects)), meant);
  for (const key of ["SHOP-9", "GARDEN-9", "nonsense"])
    assert.equal(await told(unknownTask(key, projects)), `there is no task ${key}`);
  assert.equal(await told(unknownProject(OPTIONS, "shpo")), 'there is no project shpo; did you mean "shop"?');
  assert.equal(await told(unknownProject(OPTIONS, "garden")), "there is no project garden");
});

test("an empty list is wrong only where it was asked for by a project that there is not", async () => {
  assert.equal(await told(misnamed(OPTIONS, "garden", [])), "there is no project garden");
  assert.equal(misnamed(OPTIONS, undefined, []), null);
  assert.equal(misnamed(OPTIONS, "shop", []), null);
  assert.equal(misnamed(OPTIONS, "garden", ["a task of a project that has left"]), null);
});
