/** Recorded runs of Claude Code that were killed, and the home that keeps its record of their session. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { TestContext } from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { betterFromSession } from "../../../agents/session.ts";
import { systemFiles } from "../../../system/files.ts";
import { fold, recording } from "../transcripts.ts";

export const SESSION = "47fd4724-c26b-4b1d-9b9b-384ca58d7081";

/** The recorded session was continued half an hour later. */
export const FIRST = Date.parse("2026-11-21T04:47:00Z");

export function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/claude/${name}`, import.meta.url), "utf8");
}

export function home(t: TestContext): string {
  const path = mkdtempSync(`${tmpdir()}/chargehand-session-`);
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A run of Claude Code that was killed: what its output told, before and after its record was read. */
export async function killed(
  t: TestContext,
  text: string,
  since: number,
  name = "sigkill-in-tool",
): Promise<Transcript> {
  const HOME = home(t);
  const folder = `${HOME}/.claude/projects/-srv-worktrees-SHOP-1-2`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${SESSION}.jsonl`, text);
  const { transcript } = fold(claude, recording(name).stdout);
  const place = { env: { HOME }, cwd: "/srv/worktrees/SHOP-1.2", session: SESSION };
  return betterFromSession(systemFiles(), claude, transcript, place, since);
}
