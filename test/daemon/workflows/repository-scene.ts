/** A repository that says what a test has it say, and the store of a daemon that looks at it. */

import type { RepositoryPorts } from "../../../daemon/workflows/repository.ts";
import type { BaseFile, Bases } from "../../../forges/git/base.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { PROFILE } from "../../agents/profile.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
} from "../../handlers/hand-moved.ts";

export interface RepositoryScene extends RepositoryPorts {
  readonly clock: HandClock;
  readonly log: HeardLog;
  readonly profiles: Map<string, AgentProfile>;
  /** What stands on the base branch from now on; `null` for a remote that does not answer. */
  says(file: BaseFile | null, commit?: string): void;
  /** How often it was asked. */
  looks(): number;
}

export const GOOD = "name: own\nphases:\n  - { key: work, role: developer, instructions: Do it. }\n";

export function text(of: string): BaseFile {
  return { kind: "text", text: of };
}

export async function repositoryScene(): Promise<RepositoryScene> {
  let [file, commit, looks]: [BaseFile | null, string, number] = [{ kind: "none" }, "c1", 0];
  const bases: Bases = {
    readBase: async () => {
      looks += 1;
      return file === null
        ? { kind: "failed", reason: "git fetch of branch main failed: gone" }
        : { kind: "ok", value: { commit, file } };
    },
    hasBranch: async () => ({ kind: "ok", value: true }),
  };
  return {
    ...{ store: await memoryStore(), clock: handClock(), log: heardLog(), bases },
    verdicts: new Map(),
    profiles: new Map([["developer", PROFILE]]),
    says: (next, at = commit) => {
      [file, commit] = [next, at];
    },
    looks: () => looks,
  };
}
