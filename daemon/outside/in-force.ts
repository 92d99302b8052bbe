/**
 * Who can be told something, and of which projects, as the configuration in force has it. Clients are made once for
 * their settings: what they have learnt of a host's limits outlives a reload that does not concern them.
 */

import { isDeepStrictEqual } from "node:util";
import type { ForgeAsk } from "../../forges/ask.ts";
import type { ImagesAsk } from "../../forges/images/images.ts";
import type { Forge, Tracker } from "../../forges/tell.ts";
import type { Net } from "../../handlers/kit.ts";
import { KITS } from "../../handlers/sources.ts";
import type { OutsideInForce, ToldProject, Voice } from "../../notifier/outside/ports.ts";
import { voiceOf } from "../../notifier/outside/voice.ts";
import type { Log } from "../../system/log.ts";
import type { Project } from "../../workflow/project.ts";
import type { Config } from "../config/config.ts";
import type { InForce } from "../config/in-force.ts";

type Hosts = Pick<OutsideInForce, "trackers" | "forges" | "asks" | "voices" | "images">;

/** The same object as long as the configuration is. */
export function makeOutsideInForce(
  inForce: Pick<InForce, "config">,
  net: Net,
  log: Log,
  kits = KITS,
): () => OutsideInForce {
  let hosts: { readonly of: Config["sources"]; readonly made: Hosts } | null = null;
  let made: { readonly of: Config; readonly outside: OutsideInForce } | null = null;
  return () => {
    const { config } = inForce;
    if (made?.of === config) return made.outside;
    if (hosts === null || !isDeepStrictEqual(hosts.of, config.sources))
      hosts = { of: config.sources, made: hostsOf(config.sources, net, log, kits) };
    const projects = new Map(
      config.projects.map((project) => [project.name, toldProject(project, config.sources, kits)]),
    );
    const speaksAs = (agent: string): string | null => config.agents[agent]?.forgeAccount ?? null;
    made = { of: config, outside: { ...hosts.made, speaksAs, projects } };
    return made.outside;
  };
}

function hostsOf(sources: Config["sources"], net: Net, log: Log, kits: typeof KITS): Hosts {
  const trackers = new Map<string, Tracker>();
  const forges = new Map<string, Forge>();
  const asks = new Map<string, ForgeAsk>();
  const images = new Map<string, ImagesAsk>();
  const voices = new Map<string, ReadonlyMap<string, Voice>>();
  const known: Net = { ...net, secret: log.redactor.learnPassing };
  for (const { name, connect, tells, accounts } of kits) {
    const settings = sources[name];
    if (settings === undefined || tells === undefined) continue;
    const client = connect(settings, known);
    if (client === null) {
      const remedy = `give sources.${name} a token, or leave it so`;
      log.info({
        event: "outside.silent",
        source: name,
        reason: "there is no token to tell it with",
        remedy,
      });
      continue;
    }
    const { tracker, forge, ask, images: imagesAsk } = tells(client);
    trackers.set(name, tracker);
    if (forge !== null) forges.set(name, forge);
    if (ask !== undefined) asks.set(name, ask);
    if (imagesAsk !== undefined) images.set(name, imagesAsk);
    const others = [...(accounts?.(settings) ?? [])].flatMap(([account, its]) => {
      const other = connect(its, known);
      const voice = other === null ? null : tells(other).forge;
      return voice === null
        ? []
        : [[account, voiceOf(voice, `sources.${name}.accounts.${account}`)] as const];
    });
    voices.set(name, new Map(others));
  }
  return { trackers, forges, asks, voices, images };
}

function toldProject(project: Project, sources: Config["sources"], kits: typeof KITS): ToldProject {
  const { name, repo, trackers, tell, start, baseBranch, publish } = project;
  const forge = kits.find((kit) => kit.branchUrl !== undefined && sources[kit.name] !== undefined);
  return {
    ...{ name, repo, trackers, tell, baseBranch, publish },
    command: start.commands[0] ?? null,
    forge: forge?.name ?? null,
    branchUrl: (branch) =>
      repo === null ? null : (forge?.branchUrl?.(sources[forge.name], repo, branch) ?? null),
  };
}
