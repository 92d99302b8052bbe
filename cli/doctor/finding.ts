/** What a check finds: how it stands, in one sentence, and what to do about it. */

/** `warn`: it works, or may, and somebody should look at it. */
export type Status = "ok" | "warn" | "fail";

export interface Finding {
  readonly status: Status;
  /** One sentence without a full stop. It may hold text from outside; whoever shows it makes it plain. */
  readonly says: string;
  /** What to do, as an order; `null` where there is nothing to be done. */
  readonly remedy: string | null;
}

/** What checks are about, in the order in which they are told. */
export const AREAS = [
  "configuration",
  "data",
  "machine",
  "git",
  "agents",
  "sources",
  "projects",
  "schedules",
  "chats",
  "daemon",
] as const;

export type Area = (typeof AREAS)[number];

/** One look at one thing. */
export interface Check {
  readonly area: Area;
  /** Name of the project, agent profile, source … that it is about; `null` where the area says it. */
  readonly about: string | null;
  /** Whether `serve --check --deep` asks for it, too: without it a start is of no use. */
  readonly isForStart: boolean;
  look(): Promise<readonly Finding[]>;
}

export function ok(says: string): Finding {
  return { status: "ok", says, remedy: null };
}

export function warn(says: string, remedy: string | null): Finding {
  return { status: "warn", says, remedy };
}

export function fail(says: string, remedy: string | null): Finding {
  return { status: "fail", says, remedy };
}

/** The worst of them. */
export function worst(findings: readonly { readonly status: Status }[]): Status {
  const has = (status: Status): boolean => findings.some((finding) => finding.status === status);
  return has("fail") ? "fail" : has("warn") ? "warn" : "ok";
}
