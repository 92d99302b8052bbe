/** What `init` has found out and was told: all that the files it writes are made from. */

import type { ForgeKind } from "./remote.ts";

export interface Plan {
  /** Absolute: where the configuration goes. */
  readonly folder: string;
  /** As it is written: relative to the folder, or absolute. */
  readonly dataDir: string;
  readonly project: {
    readonly name: string;
    readonly prefix: string;
    /** As its forge names it; `null` where no forge is asked about it. */
    readonly repo: string | null;
    readonly cloneUrl: string;
    readonly baseBranch: string;
    /** What becomes of the work. */
    readonly publish: Publish;
  };
  readonly agent: {
    readonly backend: string;
    readonly model: string | null;
    /** Variables of the daemon that it is shown. */
    readonly env: readonly string[];
    /** The command of a `command` agent. */
    readonly argv: readonly string[];
  };
  readonly forge: ForgeKind;
  readonly github: {
    readonly apiUrl: string;
    /** `null` where it is asked, and sends nothing. */
    readonly hookSecret: string | null;
    readonly token: string | null;
  } | null;
  readonly plane: {
    readonly apiUrl: string;
    readonly workspace: string;
    readonly project: string;
    readonly secret: string | null;
    readonly token: string | null;
  } | null;
  /** How often those that there is a token for are asked, as it is written; `null`: as a net below webhooks alone. */
  readonly poll: string | null;
  /** Where others reach the webhook listener; `null` where nobody does. */
  readonly publicUrl: string | null;
  /** Of the webhook listener; the admin side has the next one. `null`: the usual ones. */
  readonly port: number | null;
}

export const PUBLISH = ["pull_request", "branch", "none"] as const;
export type Publish = (typeof PUBLISH)[number];

export const FILE = "chargehand.yaml";
export const SECRETS = "chargehand.secrets";
export const DATA = "./chargehand.data";

/** By name below {@link SECRETS}. */
export function secretsOf({ github, plane }: Plan): ReadonlyMap<string, string> {
  const all: readonly (readonly [string, string | null | undefined])[] = [
    ["github-webhook", github?.hookSecret],
    ["github-token", github?.token],
    ["plane-webhook", plane?.secret],
    ["plane-token", plane?.token],
  ];
  return new Map(all.flatMap(([name, secret]) => (secret ? [[name, secret] as const] : [])));
}
