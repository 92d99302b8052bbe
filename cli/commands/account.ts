/** `chargehand account login NAME`: a person signs in as an account, in its home, behind the walls of its agents. */

import type { Command } from "commander";
import type { Config } from "../../daemon/config/config.ts";
import { printProblem } from "../../daemon/config/file.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import { inOneLine } from "../../workflow/why.ts";
import { EXIT } from "../outcome.ts";
import type { Ports } from "../ports.ts";

export function accountCommand(program: Command, ports: Ports): void {
  const account = program.command("account").description("sign in as an account");
  account
    .command("login")
    .argument("<account>", "name of an account, or of a backend for the one it has by default")
    .description("run the login of the account's program, on this terminal and in the account's home")
    .option("--config <file>", "configuration file")
    .action(async (name: string, options: { config?: string }) => {
      const { loadConfig } = await import("../../daemon/config/load.ts");
      const loaded = await loadConfig({ path: options.config, env: ports.env, files: ports.files });
      if (loaded.kind === "problems") {
        for (const problem of loaded.problems) ports.err(`${printProblem(problem)}\n`);
        return ports.exit(EXIT.usage);
      }
      const ended = await login(loaded.config, name, ports);
      if (typeof ended === "number") return ports.exit(ended);
      ports.err(`${ended}\n`);
      return ports.exit(EXIT.failed);
    });
}

/** The exit code of the program, or why it could not be run. */
async function login(config: Config, name: string, ports: Ports): Promise<number | string> {
  const { accountsOf } = await import("../../agents/accounts.ts");
  const profile = Object.values(config.agents).find((agent) => accountsOf(agent).includes(name));
  if (profile === undefined)
    return `no agent uses the account ${name}; known are ${known(config, accountsOf).join(", ") || "none"}`;
  const { backendFor } = await import("../../agents/registry.ts");
  const { login: args } = backendFor(profile.backend);
  if (args === null)
    return `${name} is the account of a command agent: how its program signs in is known to it alone`;
  const place = await placeOf(config, name, profile, ports);
  if (typeof place === "string") return place;
  const argv = [...place.wrapper, profile.program ?? profile.backend, ...args];
  const result = await ports.onTerminal({ argv, cwd: place.home, env: place.env });
  return typeof result === "number" ? result : `${argv[0]} could not be started: ${result}`;
}

function known(config: Config, accountsOf: (agent: AgentProfile) => readonly string[]): readonly string[] {
  return [...new Set(Object.values(config.agents).flatMap(accountsOf))];
}

interface LoginPlace {
  readonly wrapper: readonly string[];
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The account's home, made if need be, with the walls of its agents around it; or why that cannot be. */
async function placeOf(
  config: Config,
  name: string,
  profile: AgentProfile,
  ports: Ports,
): Promise<LoginPlace | string> {
  const { createIsolation } = await import("../../daemon/isolation.ts");
  const { homeOf, makeHome } = await import("../../agents/home.ts");
  const { agentEnvironment } = await import("../../agents/environment.ts");
  const { nullLog } = await import("../../system/log.ts");
  const { seedHome } = await import("../../system/files/seed.ts");
  const isolation = await createIsolation({ ...ports, config, log: nullLog() });
  const refusal = isolation.refusal();
  if (refusal !== null) return inOneLine(refusal);
  const { walls } = isolation;
  const accounts = new Map(config.accounts.map((account) => [account.name, account]));
  const homesDirectory = `${config.dataDir}/homes`;
  const own = homeOf({ walls, accounts, homesDirectory }, name, profile);
  const home = own ?? ports.env["HOME"] ?? "/";
  const making = { homes: { seed: seedHome }, environment: ports.env, dataDir: config.dataDir };
  if (own !== null) await makeHome(making, home, profile.backend);
  const account = { ...accounts.get(name)?.env, HOME: home };
  const env = agentEnvironment({ daemon: ports.env, profile, account, backend: {}, own: {} });
  const programs = profile.program === null ? [] : [profile.program];
  const inside = { cwd: home, writable: [home], readable: [], network: "open", programs } as const;
  return { wrapper: walls.inside({ ...inside, path: env["PATH"] ?? "" }), home, env };
}
