/** What is written is read back as what was meant, whatever stands in it. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Plan } from "../../../cli/init/plan.ts";
import { writeAll } from "../../../cli/init/write.ts";
import { loadConfig } from "../../../daemon/config/load.ts";
import { systemFiles } from "../../../system/files.ts";

test("names that YAML or variables would read otherwise come back as they are", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-text-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const plan: Plan = {
    folder,
    dataDir: "./with blank: # and ${HOME}",
    project: {
      ...{ name: "on", prefix: "NO", repo: "acme/shop" },
      ...{ cloneUrl: '/srv/it\'s-${odd}/"shop".git', baseBranch: "true", publish: "pull_request" },
    },
    agent: { backend: "command", model: null, env: [], argv: ["/bin/fix", "- a: b", "[x]"] },
    forge: "github",
    github: { apiUrl: "https://github.acme.org/api/v3", hookSecret: "s".repeat(40), token: "ghp_0123456789" },
    plane: {
      ...{
        apiUrl: "https://plane.example.org",
        workspace: "acme",
        project: "4f2c8a4e-0c53-4a0e-9a43-0d6f6b1f6a11",
      },
      ...{ secret: "plane_wh_0123456789abcdef", token: "plane_api_0123456789" },
    },
    ...{ publicUrl: "https://agents.example.org/sub", port: 9_000, poll: null },
  };
  await writeAll(plan, systemFiles());
  const loaded = await loadConfig({ path: join(folder, "chargehand.yaml"), env: {} });
  if (loaded.kind === "problems") assert.fail(loaded.problems.map(({ message }) => message).join("\n"));
  const { config } = loaded;
  const [project] = config.projects;
  assert.deepEqual(
    [project?.name, project?.prefix, project?.cloneUrl, project?.baseBranch, project?.trackers],
    ["on", "NO", plan.project.cloneUrl, "true", { plane: plan.plane?.project }],
  );
  assert.equal(config.dataDir, join(folder, "with blank: # and ${HOME}"));
  assert.deepEqual(
    [project?.publish.to, config.server.webhooks.port, config.server.admin.port],
    ["pull_request", 9_000, 9_001],
  );
  assert.deepEqual(config.agents["developer"]?.argv, plan.agent.argv);
  assert.equal(loaded.secrets.length, 4);
});
