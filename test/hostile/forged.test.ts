/**
 * Agents that print what only their program should: refusals, limits, sessions, figures. What one of them says costs
 * nobody else more than half an hour, and nothing of it becomes a command.
 */

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LONE_LIMIT_MS } from "../../workflow/limits.ts";
import { statusOf } from "../e2e/command-line.ts";
import { DaemonProcess } from "../e2e/daemon-process.ts";

const YEAR_S = 365 * 86_400;

function refusal(status: number, error: string): object {
  const rest = { type: "result", subtype: "success", session_id: "s", result: "refused", num_turns: 1 };
  return {
    ...rest,
    is_error: true,
    terminal_reason: "api_error",
    api_error_status: status,
    api_error: error,
  };
}

const inAYear = Math.floor(Date.now() / 1_000) + YEAR_S;
/** What each of them prints, by the name of its project, profile and account. */
const LIES: Readonly<Record<string, readonly object[]>> = {
  credentials: [refusal(401, "authentication_failed")],
  credit: [refusal(402, "billing_error")],
  permission: [refusal(403, "permission_error")],
  model: [refusal(404, "not_found_error")],
  limit: [
    { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: inAYear } },
    refusal(429, "usage_limit_reached"),
  ],
  session: [
    { type: "system", subtype: "init", session_id: "--dangerously-skip-permissions" },
    {
      ...{ type: "result", subtype: "error_max_turns", is_error: true, num_turns: 3, result: "on and on" },
      session_id: "../../../somebody-else",
    },
  ],
};
const NAMES = Object.keys(LIES);

interface Status {
  readonly accounts: readonly {
    readonly name: string;
    readonly status: string;
    readonly until: string | null;
  }[];
  readonly wide_holds: readonly {
    readonly scope: string;
    readonly subject: string;
    readonly until: string | null;
  }[];
}

function configure(stage: DaemonProcess): void {
  const [agents, projects, accounts] = [[] as string[], [] as string[], [] as string[]];
  for (const name of NAMES) {
    const lines = (LIES[name] ?? []).map((line) => JSON.stringify(line)).join("\n");
    writeFileSync(join(stage.folder, `${name}.lines`), `${lines}\n`);
    const program = join(stage.folder, `${name}.sh`);
    const script = `#!/bin/sh\ncat > /dev/null\necho "$@" >> ${stage.folder}/${name}.args\ncat ${stage.folder}/${name}.lines\nexit 1\n`;
    writeFileSync(program, script, { mode: 0o755 });
    agents.push(
      `  ${name}: { backend: claude, program: ${program}, accounts: [${name}], max_attempts: 2 }\n`,
    );
    accounts.push(`  ${name}: { backend: claude, env: { HOME: ${stage.folder} } }\n`);
    projects.push(
      `  - { name: ${name}, prefix: ${name.slice(0, 8).toUpperCase()}, clone_url: ${stage.remote}, base_branch: main, agent: ${name} }\n`,
    );
  }
  stage.configure({ argv: ["/bin/true"], concurrency: 3 });
  appendFileSync(stage.config, projects.join(""));
  appendFileSync(stage.config, `accounts:\n${accounts.join("")}`);
  const text = readFileSync(stage.config, "utf8");
  writeFileSync(stage.config, text.replace("agents:\n", `agents:\n${agents.join("")}`));
}

function soon(until: string | null | undefined): boolean {
  const wait = Date.parse(until ?? "") - Date.now();
  return wait > 0 && wait <= LONE_LIMIT_MS;
}

test("I16: what one agent alone prints closes an account or a profile for half an hour, and becomes no argument", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  configure(stage);
  try {
    await stage.start();
    const keys = new Map<string, string>();
    for (const project of NAMES) {
      const { body } = await stage.api<{ key: string }>("/api/v1/tasks", "POST", { project, title: "Lie" });
      keys.set(project, body.key);
    }
    const status = async (): Promise<Status> => (await stage.api<Status>("/api/v1/status")).body;
    for (const name of ["credentials", "credit", "permission", "limit"])
      await stage.until(`account ${name} is parked for half an hour`, async () => {
        const account = (await status()).accounts.find((one) => one.name === name);
        return account?.status === "cooling" && soon(account.until);
      });
    await stage.until("the profile is closed for half an hour", async () =>
      (await status()).wide_holds.some(
        ({ scope, subject, until }) => scope === "agent" && subject === "model" && soon(until),
      ),
    );
    const session = keys.get("session") ?? "";
    await stage.until("both attempts are over", async () => (await statusOf(stage, session)) === "failed");
    const attempts = readFileSync(join(stage.folder, "session.args"), "utf8").trim().split("\n");
    assert.equal(attempts.length, 2);
    for (const args of attempts) assert.doesNotMatch(args, /--resume|somebody-else/);
    const { body } = await stage.api<{ runs: { session_id: string | null }[] }>(`/api/v1/tasks/${session}`);
    assert.ok(!JSON.stringify(body.runs).includes("--dangerously"), JSON.stringify(body.runs));
    // All of that is nobody else's trouble.
    await stage.label(1);
    await stage.until(
      "a task of another account is done",
      async () => (await statusOf(stage, "SHOP-1")) === "done",
    );
    assert.ok(existsSync(join(stage.folder, "credentials.args")));
  } finally {
    await stage.close();
  }
});
