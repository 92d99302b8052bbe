/**
 * Asks what cannot be found out. Each question has an answer ready, which an empty line takes; what a flag has said is
 * not asked. With `--yes` nobody is asked, and what is still missing is told with the flags that say it.
 */

import { EXIT, type Failure, fail } from "../outcome.ts";
import type { Ports } from "../ports.ts";

export interface Question {
  /** The flag that answers it, for whoever cannot be asked. */
  readonly flag: string;
  readonly text: string;
  /** As the flag says it; it is not asked then. */
  readonly given?: string | undefined;
  /** What an empty line means; `null`: an answer is needed. */
  readonly ready: string | null;
  readonly isSecret?: true;
  /** Why an answer cannot be taken; `null` where it can. */
  readonly trouble?: (answer: string) => string | null;
  /** The same of what somebody has typed, where it takes a look at the world; flags are believed. */
  readonly look?: (answer: string) => Promise<string | null>;
}

/** Whoever was asked has gone (end of input), or nobody can be asked and something is missing. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export type Asker = (question: Question) => Promise<string>;

/** How often a wrong answer is asked for again. */
const TRIES = 5;

/** @param mayAsk without `--yes`, on a terminal */
export function askerOf({ ask, err }: Pick<Ports, "ask" | "err">, mayAsk: boolean): Asker {
  return async (question) => {
    const { flag, text, given, ready, isSecret = false, trouble = () => null } = question;
    const { look = async () => null } = question;
    if (given !== undefined || !mayAsk || ask === null) {
      const answer = given ?? ready;
      if (answer === null)
        throw new NoAnswer(fail(EXIT.usage, `${text} is not known`, `say it with ${flag}`));
      const wrong = trouble(answer);
      if (wrong !== null) throw new NoAnswer(fail(EXIT.usage, `${flag}: ${wrong}`));
      return answer;
    }
    for (let tries = 0; tries < TRIES; tries++) {
      const shown = ready === null || ready === "" ? "" : ` [${ready}]`;
      const said = await ask(`${text}${shown}: `, isSecret);
      if (said === null) break;
      const answer = said.trim() === "" ? ready : said.trim();
      const wrong = answer === null ? "an answer is needed" : (trouble(answer) ?? (await look(answer)));
      if (answer !== null && wrong === null) return answer;
      err(`  ${wrong}\n`);
    }
    const what = text.replace(/ ?[(;].*$/, "");
    throw new NoAnswer(
      fail(EXIT.usage, `“${what}” was not answered: nothing was written`, `${flag} says it, too`),
    );
  };
}

/** A question with yes or no. */
export async function isYes(
  ask: Asker,
  question: { readonly flag: string; readonly text: string; readonly ready: boolean },
): Promise<boolean> {
  const { flag, text, ready } = question;
  const trouble = (answer: string): string | null =>
    /^(y|yes|n|no)$/i.test(answer) ? null : "answer y or n";
  const answer = await ask({ flag, text: `${text} (y/n)`, ready: ready ? "y" : "n", trouble });
  return /^y/i.test(answer);
}
