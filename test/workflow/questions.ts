/** Forms and questions for tests. */

import type { AskedForm, Field, Form, Question } from "../../workflow/phases/question.ts";

export function field(name: string, more: Partial<Field> = {}): Field {
  const plain = { type: "text", label: `what of ${name}?`, required: true, options: [] } as const;
  return { name, ...plain, min: null, max: null, default: null, ...more };
}

export const FORM: Form = {
  title: "How to go on",
  fields: [
    field("size", { type: "choice", options: ["small", "large"] }),
    field("token", { type: "secret", required: false }),
  ],
  reason: "two ways are open",
  expiresMs: null,
  onExpire: "fail",
};

export function asks(more: Partial<Form> = {}, hash = "cd".repeat(32)): AskedForm {
  return { form: { ...FORM, ...more }, hash };
}

export function question(more: Partial<Question> = {}): Question {
  const row = {
    id: 1,
    task: "SHOP-12",
    project: "shop",
    seq: 1,
    phase: "work",
    status: "open",
    askedAt: 1,
  } as const;
  const open = {
    until: null,
    answers: null,
    secrets: null,
    answeredBy: null,
    answeredFrom: null,
    finishedAt: null,
  };
  return { ...row, ...open, ...asks(), ...more };
}
