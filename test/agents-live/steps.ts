/**
 * What a scripted model does in a conversation of several prompts: one command for each, in order. Which one it is, is
 * the number of results that the conversation holds by then, so a session that was not resumed begins with the first
 * again. It does what the house's prompts ask of a model: it reads the file that it is told to read first, and knows
 * where its artifact belongs.
 */

import type { ModelRequest } from "./request.ts";

/** In `workflow/phases/prompt.ts`, as it stands in JSON. */
const ARTIFACT = /write the file (\S+) \(\$CHARGEHAND_ARTIFACT\)/g;
const READ_FIRST = /in the file (\S+), which you read first/g;

/**
 * @param steps a line of shell for each prompt; `$artifact` is where the newest prompt wants one
 * @throws when the conversation has come further than its script
 */
export function stepFor(steps: string, { results, text }: ModelRequest): string {
  const step = steps.split("\n")[results];
  if (step === undefined) throw new Error(`after ${results} results there is no step any more`);
  const [artifact, asked] = [newest(ARTIFACT, text), newest(READ_FIRST, text)];
  return [
    ...(asked === null ? [] : [`cat '${asked}'`]),
    ...(artifact === null ? [] : [`artifact='${artifact}'`]),
    step,
  ].join("; ");
}

/** A conversation has its latest prompt last. */
function newest(what: RegExp, text: string): string | null {
  return [...text.matchAll(what)].at(-1)?.[1] ?? null;
}
