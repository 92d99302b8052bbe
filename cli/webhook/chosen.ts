/** Which of the configured sources a recorded request is of, and of what event. Nothing is guessed between several. */

import type { Config } from "../../daemon/config/config.ts";
import { printProblem } from "../../daemon/config/file.ts";
import type { WebhookSource } from "../../handlers/source.ts";
import type { AnyKit } from "../../handlers/sources.ts";
import { type Answer, EXIT, fail } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type RecordedRequest, readRecorded } from "./recorded.ts";

export interface ChosenOptions {
  readonly config?: string;
  readonly source?: string;
  readonly event?: string;
}

export interface Chosen {
  readonly config: Config;
  readonly kit: AnyKit;
  readonly settings: unknown;
  readonly source: WebhookSource;
  readonly event: string;
  readonly request: RecordedRequest;
}

export async function choose(file: string, options: ChosenOptions, ports: Ports): Promise<Answer<Chosen>> {
  const request = await readRecorded(file, ports);
  if (request.kind === "failed") return request;
  const [{ loadConfig }, { KITS }] = await Promise.all([
    import("../../daemon/config/load.ts"),
    import("../../handlers/sources.ts"),
  ]);
  const loaded = await loadConfig({ path: options.config, env: ports.env, files: ports.files });
  if (loaded.kind === "problems") return fail(EXIT.usage, loaded.problems.map(printProblem).join("; "));
  const { config } = loaded;
  const known = KITS.flatMap((kit) => {
    const settings = config.sources[kit.name];
    return settings === undefined ? [] : kit.webhooks(settings).map((source) => ({ kit, settings, source }));
  });
  const names = known.map(({ source }) => source.name);
  const wanted = options.source ?? request.value.source ?? (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined)
    return fail(
      EXIT.usage,
      "of which source is it?",
      `give --source: ${names.join(", ") || "none is in the configuration"}`,
    );
  const one = known.find(({ source }) => source.name === wanted || source.path === wanted);
  if (one === undefined && config.sources[wanted] !== undefined)
    return fail(
      EXIT.usage,
      `sources.${wanted} has no secret, so no webhook of it is taken`,
      "it is asked instead, as its `poll` says",
    );
  if (one === undefined)
    return fail(
      EXIT.usage,
      `the configuration has no source ${wanted}`,
      `it has ${names.join(", ") || "none"}`,
    );
  const { payload } = request.value;
  const given = options.event ?? request.value.event ?? undefined;
  const event = one.source.event((name) => (name === `x-${one.kit.name}-event` ? given : undefined), payload);
  if (event === "")
    return fail(EXIT.usage, "of which event is it? the payload does not say", "give --event, such as issues");
  return { kind: "ok", value: { config, ...one, event, request: request.value } };
}
