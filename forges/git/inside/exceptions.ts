/** What of an agent's folder could not be taken: told, and named where its content is nowhere else (I15). */

const TOLD_MAX = 10;
const LEFT_MAX = 1_000;

export interface Exceptions {
  readonly told: string[];
  /** Paths from the top of the folder, as Latin-1: what is there must stay when the folder goes. */
  readonly left: string[];
}

export function tell({ told }: Exceptions, sentence: string): void {
  if (told.length < TOLD_MAX) told.push(sentence);
  else if (told.length === TOLD_MAX) told.push("there were more exceptions than are told here");
}

/** Also tells it. The whole folder stays where there are too many. */
export function leaveThere(exceptions: Exceptions, path: string, why: string): void {
  const { left } = exceptions;
  tell(exceptions, `${shown(path)} ${why}, and was left out`);
  if (left.length < LEFT_MAX) left.push(path);
  else left.splice(0, LEFT_MAX, "");
}

export function shown(path: string): string {
  return JSON.stringify(Buffer.from(path, "latin1").toString("utf8")).slice(0, 200);
}
