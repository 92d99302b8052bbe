/** All backends by name. A backend is added here, and nowhere else. */

import type { Backend } from "./backend.ts";
import { claude } from "./claude/claude.ts";
import { codex } from "./codex/codex.ts";
import { command } from "./command/command.ts";
import { copilot } from "./copilot/copilot.ts";
import { gemini } from "./gemini/gemini.ts";
import { opencode } from "./opencode/opencode.ts";
import { pi } from "./pi/pi.ts";
import { qwen } from "./qwen/qwen.ts";

const ALL: readonly Backend[] = [claude, codex, opencode, gemini, pi, qwen, copilot, command];
const BACKENDS: ReadonlyMap<string, Backend> = new Map(ALL.map((backend) => [backend.name, backend]));

/** In the order in which people are told them. */
export const backendNames: readonly string[] = ALL.map(({ name }) => name);

/** `undefined` for a name that no backend has. */
export function findBackend(name: string): Backend | undefined {
  return BACKENDS.get(name);
}

/** The backend of this name. The configuration has checked names, and runs carry only checked ones: others throw. */
export function backendFor(name: string): Backend {
  const backend = BACKENDS.get(name);
  if (backend === undefined) throw new Error(`there is no backend named ${name}`);
  return backend;
}
