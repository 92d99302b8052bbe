/** Agent programs, by profile: there, of which version, and signed in, account by account. */

import { accountsOf } from "../../../agents/accounts.ts";
import { agentEnvironment } from "../../../agents/environment.ts";
import { homeOf } from "../../../agents/home.ts";
import { missingProgram } from "../../../agents/program.ts";
import { backendFor } from "../../../agents/registry.ts";
import { signedInBy } from "../../../agents/signed-in.ts";
import type { CommandResult } from "../../../system/commands.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { type Check, type Finding, fail, ok, warn, worst } from "../finding.ts";
import type { Place } from "../place.ts";
import { versionIn } from "../words.ts";

/** Some unpack themselves at their first start. */
const VERSION_MS = 15_000;

export function agentChecks(place: Place): readonly Check[] {
  return Object.values(place.config.agents).flatMap((profile): readonly Check[] => [
    { area: "agents", about: profile.name, isForStart: true, look: () => agent(place, profile) },
  ]);
}

/** Whether one that is not there is signed in, is of no interest. */
async function agent(place: Place, profile: AgentProfile): Promise<readonly Finding[]> {
  const found = await program(place, profile);
  return worst(found) === "fail" ? found : [...found, ...(await logins(place, profile))];
}

async function program(place: Place, profile: AgentProfile): Promise<readonly Finding[]> {
  const { tree, env: daemon, commands, scratch } = place;
  const [first] = accountsOf(profile).map((name) => accountEnv(place, name));
  const account = first ?? {};
  const missing = missingProgram({ tree, daemon, account, profile, made: [] });
  if (missing !== null) return [fail(missing.reason, missing.remedy)];
  // What a given command does when it is asked for a version, nobody knows.
  if (backendFor(profile.backend).commandLine === "given")
    return [ok(`its command ${profile.argv[0] ?? ""} is there`)];
  const name = profile.program ?? profile.backend;
  const env = agentEnvironment({ daemon, profile, account, backend: {}, own: { HOME: scratch } });
  const told = await commands.run("version", {
    ...{ argv: [name, "--version"], cwd: scratch, env, timeoutMs: VERSION_MS },
  });
  return [judgeVersion(name, told)];
}

export function judgeVersion(name: string, told: CommandResult): Finding {
  if (told.kind === "exited" && told.code === 0)
    return ok(`${name} ${versionIn(told.stdout || told.stderr)} is there`);
  const why = told.kind === "failed" ? told.reason : `it ended with ${told.code}`;
  return warn(`${name} is there, and does not tell its version: ${why}`, `try it by hand: ${name} --version`);
}

async function logins(place: Place, profile: AgentProfile): Promise<readonly Finding[]> {
  const { walls } = await place.isolation();
  return accountsOf(profile).flatMap((name) => login(place, profile, name, walls));
}

function login(
  place: Place,
  profile: AgentProfile,
  name: string,
  walls: Parameters<typeof homeOf>[0]["walls"],
): readonly Finding[] {
  const { config, env: daemon, tree } = place;
  const accounts = new Map(config.accounts.map((account) => [account.name, account]));
  const own = homeOf({ walls, accounts, homesDirectory: `${config.dataDir}/homes` }, name, profile);
  const before = daemon["HOME"] ?? "/";
  const account = accountEnv(place, name);
  const env = agentEnvironment({ daemon, profile, account, backend: {}, own: {} });
  // A home that is not made yet begins with what lies in the one of the daemon's user.
  const home = own === null || tree.look(own) === null ? before : own;
  const by = signedInBy({ tree, backend: profile.backend, env, home });
  if (by === "unknown") return [];
  if (by !== null) return [ok(`account ${name} is signed in (${by})`)];
  return [
    warn(`account ${name} is not signed in, as far as its home ${home} shows`, remedy(place, profile, name)),
  ];
}

/** A key that is there and that the agent may not see is the most likely reason. */
function remedy({ env, config }: Place, profile: AgentProfile, account: string): string {
  const keys = backendFor(profile.backend).signedInBy?.variables ?? [];
  const hidden = keys.find((key) => (env[key] ?? "") !== "" && !profile.env.includes(key));
  if (hidden !== undefined)
    return `name ${hidden} in agents.${profile.name}.env, which is set here and not shown to it`;
  return `chargehand account login ${account} --config ${config.file}, or give it a key by accounts.*.env`;
}

function accountEnv({ config }: Place, name: string): Readonly<Record<string, string>> {
  return config.accounts.find((account) => account.name === name)?.env ?? {};
}
