/**
 * The plots a scripted model can follow. A plot is in the path of the base URL, so that one server plays many at once
 * and a client needs to be told nothing but where the model lives: `/plot/<audience>/<name>/<wait>/<command>`.
 */

import { type Refusal, type RefusalContext, type RefusalName, refuse } from "./refusals.ts";
import type { Language, ModelRequest } from "./request.ts";
import { ASIDE_SPEECH, FINAL_SPEECH, SLOW_SPEECH, type Speech, toolSpeech } from "./speech.ts";
import { stepFor } from "./steps.ts";

export type PlotName =
  /** One use of the shell, then a last word. */
  | "work"
  /** The same for every prompt of a conversation, each with a command of its own (`steps.ts`). */
  | "walk"
  /** One use of the shell, and a last word that never ends. */
  | "trickle"
  /** No answer at all. */
  | "silence"
  | RefusalName;

export interface Plot {
  /** For whom it is played: letters, digits and dashes. Calls are counted per audience. */
  readonly audience: string;
  readonly name: PlotName;
  /** What refusals ask to wait, in seconds. */
  readonly waitSeconds: number;
  /** For the tool call of `work` and `trickle`; of `walk` a line for each prompt. */
  readonly command: string;
}

export type Turn =
  | { readonly kind: "speech"; readonly speech: Speech }
  | { readonly kind: "refusal"; readonly refusal: Refusal }
  | { readonly kind: "silence" };

export function nextTurn(
  plot: Plot,
  language: Language,
  request: ModelRequest,
  now: RefusalContext["now"],
): Turn {
  switch (plot.name) {
    case "work":
    case "walk":
    case "trickle":
      return { kind: "speech", speech: speechFor(plot, request) };
    case "silence":
      return { kind: "silence" };
    default: {
      const context = { model: request.model, now, waitSeconds: plot.waitSeconds };
      return { kind: "refusal", refusal: refuse(plot.name, language, context) };
    }
  }
}

function speechFor(plot: Plot, request: ModelRequest): Speech {
  if (request.tools.length === 0) return ASIDE_SPEECH;
  if (!request.bringsResult)
    return toolSpeech(plot.name === "walk" ? stepFor(plot.command, request) : plot.command);
  return plot.name === "trickle" ? SLOW_SPEECH : FINAL_SPEECH;
}

const NAMES: ReadonlySet<string> = new Set<PlotName>([
  ...(["work", "walk", "trickle", "silence"] as const),
  ...(["auth", "rate_limit", "overloaded", "usage_limit", "quota"] as const),
]);

/** The path that a base URL begins with. */
export function pathOfPlot({ audience, name, waitSeconds, command }: Plot): string {
  return `/plot/${audience}/${name}/${waitSeconds}/${Buffer.from(command).toString("base64url")}`;
}

/** @returns the plot, and the vendor's own part of the path; `null` for a path that holds no plot */
export function plotOfPath(path: string): { readonly plot: Plot; readonly rest: string } | null {
  const [, audience, name, wait, command, rest] =
    /^\/plot\/([\w-]+)\/(\w+)\/(\d+)\/([\w-]*)(\/[^?]*)/.exec(path) ?? [];
  if (audience === undefined || !isPlotName(name) || command === undefined || rest === undefined) return null;
  const text = Buffer.from(command, "base64url").toString();
  return { plot: { audience, name, waitSeconds: Number(wait), command: text }, rest };
}

function isPlotName(name: string | undefined): name is PlotName {
  return name !== undefined && NAMES.has(name);
}
