/**
 * One question to a remote, as the daemon's git would ask it: with the same credentials, configuration and bounds, but
 * in a private folder, so that nothing is made in a data directory which may be another user's.
 */

import { makeCloneAccess } from "../../daemon/outside/clone-access.ts";
import { createGit } from "../../forges/git/git.ts";
import { ensure } from "../../forges/git/own.ts";
import type { Place } from "./place.ts";

export type RemoteLook =
  | { readonly kind: "ok"; readonly hasBranch: boolean; readonly defaultBranch: string | null }
  /** What git said, without credentials. */
  | { readonly kind: "failed"; readonly reason: string };

export type RemotePorts = Pick<Place, "commands" | "files" | "env" | "scratch" | "http" | "clock"> & {
  readonly config: Pick<Place["config"], "sources">;
};

/** Somebody waits for the answer. */
const ASK_MS = 15_000;
const NOBODY = { name: "nobody", email: "nobody@localhost" };

export async function lookAtRemote(place: RemotePorts, url: string, branch: string): Promise<RemoteLook> {
  const { commands, files, env, config, scratch, http, clock } = place;
  const git = createGit({
    ...{ commands, files, environment: env, identity: NOBODY, secretsDirectory: `${scratch}/secrets` },
    credentialFor: makeCloneAccess(() => config.sources, { http, clock }),
  });
  const path = `${scratch}/asking.git`;
  await ensure({ git, files, path, url });
  const refs = ["HEAD", `refs/heads/${branch}`];
  const args = (address: string): readonly string[] => ["ls-remote", "--symref", "--", address, ...refs];
  const told = await git.ask(path, url, args, ASK_MS);
  return told.ok ? read(told.stdout, branch) : { kind: "failed", reason: told.said };
}

/** git-ls-remote(1): `ref: refs/heads/main\tHEAD`, then `<commit>\t<ref>` by line. */
function read(stdout: string, branch: string): RemoteLook {
  const lines = stdout.split("\n");
  const defaultBranch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(stdout)?.[1] ?? null;
  const hasBranch = lines.some((line) => line.endsWith(`\trefs/heads/${branch}`));
  return { kind: "ok", hasBranch, defaultBranch };
}

/** What can be done about a remote that does not answer as it should. */
export function remoteRemedy(reason: string, url: string): string {
  const host = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)/i.exec(url)?.[1] ?? "its host";
  if (/Host key verification failed/i.test(reason))
    return `compare its key and keep it, as the daemon's user: ssh-keyscan ${host} >> ~/.ssh/known_hosts`;
  if (/Permission denied \(|publickey/i.test(reason))
    return `give the daemon's user an ssh key that ${host} knows (a deploy key that may write), or use the https address with a token`;
  if (/could not read Username|Authentication failed|terminal prompts disabled|403|401/i.test(reason))
    return "give sources.*.token a token that may read and write the repository, or install the App there (Contents: write)";
  if (/not found|does not exist|does not appear to be a git repository/i.test(reason))
    return "correct clone_url, or let the token or key see the repository";
  if (/could not resolve|Connection (refused|timed out)|unable to access|longer than/i.test(reason))
    return `see that this machine reaches ${host}; proxies are taken from https_proxy`;
  return `try it by hand, as the daemon's user: git ls-remote ${url.replace(/\/\/[^@/]*@/, "//")}`;
}
