/** What a daemon of a world of phases does for people, as its API does it. */

import { dropSecrets, keepSecrets, type SecretPorts } from "../../../daemon/run/told/secrets.ts";
import { type Asked, ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { Chance } from "../../../system/chance.ts";
import type { NewFreeze, Thaw } from "../../../workflow/between/freeze.ts";
import type { AnswerQuestion } from "../../../workflow/decide/gates/answer-question.ts";
import type { Actor } from "../../../workflow/intent.ts";
import { checkAnswers, isOpenQuestion, withoutSecrets } from "../../../workflow/phases/question.ts";

export interface Answering {
  readonly task: string;
  readonly question: number;
  readonly by: Actor;
  readonly key: string;
  readonly given: Readonly<Record<string, string>>;
}

/** Rejects, or never answers, as a daemon that is down does. */
export interface Doing {
  answer(answering: Answering): Promise<Asked["kind"]>;
  freeze(freeze: NewFreeze): Promise<boolean>;
  thaw(thaw: Thaw): Promise<boolean>;
}

export type DoingPorts = SecretPorts & { readonly store: Store; readonly chance: Chance };

/** @param isLeaky a bug: what was answered stands in the history as it was given */
export function doingOn(ports: DoingPorts, now: () => number, isLeaky: boolean): Doing {
  const { store } = ports;
  return {
    answer: (answering) => answer(ports, answering, now(), isLeaky),
    freeze: (freeze) => store.freezes.put(freeze, now()),
    thaw: (thaw) => store.freezes.lift(thaw, now()),
  };
}

/** As `handlers/api/people/questions.ts` does it. */
async function answer(
  ports: DoingPorts,
  { task, question: id, by, key, given }: Answering,
  now: number,
  isLeaky: boolean,
): Promise<Asked["kind"]> {
  const { store } = ports;
  const { question } = await store.questions.standing(task, null);
  const wish = {
    kind: "answer_question",
    target: { key: task },
    project: "shop",
    by,
    key,
    question: id,
  } as const;
  if (!isOpenQuestion(question) || question.id !== id)
    return (await ask(store, [nothingOf(wish)], null, now)).kind;
  const checked = checkAnswers(question.form, given);
  if (checked.kind === "invalid") return "refused";
  const answers = withoutSecrets(question.form, checked.answers);
  const values = question.form.fields.flatMap(({ name, type }) => {
    const value = checked.answers[name];
    return type === "secret" && typeof value === "string" ? [[name, value] as const] : [];
  });
  const secrets = values.length === 0 ? null : await keepSecrets(ports, id, Object.fromEntries(values));
  const because = isLeaky ? `they said ${JSON.stringify(given)}` : "asked";
  const intent: AnswerQuestion = { ...wish, because, answers, secrets };
  const asked = await ask(store, [intent], null, now);
  if (asked.kind !== "done" && secrets !== null) await dropSecrets(ports, id, secrets);
  return asked.kind;
}

function nothingOf(wish: Omit<AnswerQuestion, "because" | "answers" | "secrets">): AnswerQuestion {
  return { ...wish, because: "asked", answers: {}, secrets: null };
}
