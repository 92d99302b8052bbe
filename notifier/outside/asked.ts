/** What a comment asks of people, and how they answer it there. Pure. */

import { type Field, titleOf } from "../../workflow/phases/question.ts";
import { codeSpan, plainLine, quotation } from "../../workflow/text/markdown.ts";
import type { CardFacts } from "../cards/facts.ts";
import type { Pen } from "../cards/pen.ts";
import { type CardState, openApproval, openQuestion } from "../cards/state.ts";

const OPTIONS_MAX = 20;

/** Paragraphs; none where nobody is wanted. @param command `null` where comments command nothing */
export function askedParts(
  facts: CardFacts,
  state: CardState,
  pen: Pen,
  command: string | null,
): readonly string[] {
  const question = openQuestion(facts);
  if (question !== null) {
    const { form } = question;
    const why = form.title === null ? "" : form.reason;
    return [
      quotation(pen.text([titleOf(form), why].join("\n"))),
      form.fields.map((field) => fieldLine(field, pen)).join("\n"),
      howToAnswer(facts, form.fields, command),
    ];
  }
  const approval = openApproval(facts);
  if (approval !== null) {
    const summary = facts.phases.find(({ seq }) => seq === approval.seq)?.summary ?? "";
    return [quotation(pen.text(summary)), howToDecide(facts, command)];
  }
  if (command === null) return [];
  if (state === "failed" || state === "blocked")
    return [
      `**To try it again**: comment ${codeSpan(`${command} retry`)}; what stands behind it is told to the agent.`,
    ];
  return [];
}

function fieldLine({ label, type, options, required }: Field, pen: Pen): string {
  const shown = options.slice(0, OPTIONS_MAX).map((option, index) => `${index + 1}. ${pen.line(option)}`);
  const more = options.length > OPTIONS_MAX ? ["…"] : [];
  const choices = shown.length === 0 ? "" : `: ${plainLine([...shown, ...more].join("; "))}`;
  const notes = [
    ...(required ? [] : ["may be left out"]),
    ...(type === "secret" ? ["secret, so not here"] : []),
  ];
  return `- ${plainLine(pen.line(label))}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}${choices}`;
}

function howToAnswer(facts: CardFacts, fields: readonly Field[], command: string | null): string {
  const isSecret = fields.some(({ type }) => type === "secret");
  if (isSecret || command === null) return elsewhere(facts, `chargehand answer ${facts.task.key}`);
  const [field] = fields;
  const example =
    fields.length === 1
      ? `${command} answer ${field?.type === "confirm" ? "yes" : "…"}`
      : `${command} answer ${fields.map(({ name }) => `${name}=…`).join(" ")}`;
  return `**To answer**: comment ${codeSpan(example)}`;
}

function howToDecide(facts: CardFacts, command: string | null): string {
  if (command === null) return elsewhere(facts, `chargehand approve ${facts.task.key}`);
  const [yes, no] = [codeSpan(`${command} approve`), codeSpan(`${command} reject …`)];
  // An approving review is heard as one, of whoever may approve.
  const review = facts.pull?.status === "open" ? ", or review the pull request" : "";
  return `**To decide**: comment ${yes}, or ${no} with what has to change${review}`;
}

function elsewhere({ causes }: CardFacts, command: string): string {
  const remedy = causes[0]?.remedy ?? null;
  return `**To answer**: ${codeSpan(remedy ?? command)}`;
}
