/** What the scripted GitHub says no with: thrown by whatever finds it, and answered in one place. */

export interface FieldTrouble {
  readonly resource: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  readonly field?: string;
  readonly message?: string;
}

export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly (FieldTrouble | string)[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      readonly errors?: readonly (FieldTrouble | string)[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** @throws always */
export function notFound(): never {
  throw new Refusal(404, "Not Found");
}

/** @throws always */
export function invalid(...errors: readonly (FieldTrouble | string)[]): never {
  throw new Refusal(422, "Validation Failed", { errors });
}
