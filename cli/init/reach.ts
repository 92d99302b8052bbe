/** How what happens at the sources gets here: webhooks where these reach this machine, else they are asked. */

import { pollEvery } from "../../system/config/values.ts";
import { EXIT, fail } from "../outcome.ts";
import type { Flags, Keys } from "./flags.ts";
import type { Plan } from "./plan.ts";
import { type Asker, NoAnswer } from "./questions.ts";

/** Nobody waits much longer than this for an answer, and asking costs next to nothing where nothing has happened. */
const POLL = "60s";

/** @returns `null` where no webhook reaches this machine, or none is sent */
export async function reachOf({ publicUrl }: Flags, hasSources: boolean, ask: Asker): Promise<string | null> {
  if (!hasSources && publicUrl === undefined) return null;
  const url = await ask({
    ...{ flag: "--public-url", given: publicUrl, ready: "", trouble: urlTrouble },
    text: "https address at which webhooks reach this machine (empty: none can)",
  });
  return url === "" ? null : url.replace(/\/+$/, "");
}

/** The secret is for webhooks, the token to ask with: where the one cannot be of use, the other is needed. */
export async function planeKeys(
  { planeSecret, planeToken }: Keys,
  publicUrl: string | null,
  ask: Asker,
): Promise<{ readonly secret: string | null; readonly token: string | null }> {
  const secret =
    publicUrl === null
      ? planeSecret
      : await ask({
          ...{ flag: "--plane-secret-file", given: planeSecret ?? undefined, isSecret: true, ready: null },
          text: "Plane: secret of the webhook (plane_wh_…; make one in the workspace's settings)",
        });
  const isNeeded = secret === null;
  const token = await ask({
    ...{ flag: "--plane-token-file", given: planeToken ?? undefined, isSecret: true },
    ...(isNeeded
      ? { text: "Plane: API token, to ask what has happened", ready: null }
      : { text: "Plane: API token (empty for none)", ready: "" }),
  });
  return { secret, token: token === "" ? null : token };
}

interface Asked {
  readonly github: Pick<NonNullable<Plan["github"]>, "token"> | null;
  readonly plane: Pick<NonNullable<Plan["plane"]>, "token"> | null;
  readonly publicUrl: string | null;
}

/**
 * As it is written; `null` where webhooks are enough, or nobody can be asked.
 * @throws NoAnswer where somebody is to be asked, and there is no token to do it with
 */
export async function pollOf(
  { poll }: Flags,
  { github, plane, publicUrl }: Asked,
  ask: Asker,
): Promise<string | null> {
  const names = [github?.token == null ? "" : "GitHub", plane?.token == null ? "" : "Plane"].filter(Boolean);
  if (names.length === 0) {
    if (poll === undefined) return null;
    throw new NoAnswer(fail(EXIT.usage, "--poll: nobody can be asked without a token"));
  }
  if (publicUrl !== null && poll === undefined) return null;
  return await ask({
    ...{ flag: "--poll", given: poll, ready: POLL, trouble: pollTrouble },
    text: `how often ${names.join(" and ")} ${names.length === 1 ? "is" : "are"} asked what has happened`,
  });
}

function pollTrouble(answer: string): string | null {
  return pollEvery.safeParse(answer).success ? null : "it must be 10s or more, such as 60s or 5m";
}

export function urlTrouble(answer: string): string | null {
  const isGood = answer === "" || /^https?:\/\/[^\s/@]+(\/[^\s@?#]*)?$/.test(answer);
  return isGood
    ? null
    : "it must be an address such as https://agents.example.org, without user, password or query";
}
