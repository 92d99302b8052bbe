/** Sources: who our token is there, what it may, when it ends, and whether both clocks agree. */

import type { Answer } from "../../../forges/api/answer.ts";
import type { ForgeAsk, OwnAccount, TrackerAsk } from "../../../forges/ask.ts";
import type { TrackerClient } from "../../../forges/client.ts";
import { span } from "../../phrases.ts";
import { troubleOf } from "../answers.ts";
import { clientsOf, isForge, type SourceClient } from "../clients.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

const DAY_MS = 86_400_000;
/** Soon enough to be told of it. */
const ENDS_SOON_MS = 14 * DAY_MS;
/** An App's signed word is good for a minute around now; whatever else is signed, for some. */
const CLOCK_MS_MAX = 30_000;

export function sourceChecks(place: Place): readonly Check[] {
  return clientsOf(place).flatMap(({ source, client, isForge: keepsCode, accounts }): readonly Check[] => {
    const look = async (): Promise<readonly Finding[]> => {
      if (client === null) return [withoutToken(source, keepsCode)];
      const answer = await client.ask.whoami();
      const account = judgeAccount(answer, client.ask.host, keepsCode, place.clock.now());
      if (answer.kind !== "ok" || keepsCode) return account;
      return [...account, ...(await membership(client.ask, answer.value))];
    };
    const others = [...accounts].map(
      ([name, other]): Check => ({
        ...{ area: "sources", about: `${source}, account ${name}`, isForStart: true },
        look: () => lookAtOther(place, name, client, other),
      }),
    );
    return [{ area: "sources", about: source, isForStart: true, look }, ...others];
  });
}

/** Whether it is somebody else, and sees what it is to speak about. */
async function lookAtOther(
  { config: { projects, agents }, clock }: Place,
  name: string,
  own: TrackerClient | null,
  other: TrackerClient,
): Promise<readonly Finding[]> {
  const [us, them] = [await own?.ask.whoami(), await other.ask.whoami()];
  const account = judgeAccount(them, other.ask.host, true, clock.now());
  if (them.kind !== "ok") return account;
  const isSame = us?.kind === "ok" && us.value.id === them.value.id;
  const speaksIn = projects.filter(({ agent, agents: roles }) =>
    [agent, ...Object.values(roles)].some((profile) => agents[profile]?.forgeAccount === name),
  );
  const repos = [...new Set(speaksIn.flatMap(({ repo }) => repo ?? []))];
  const seen = isForge(other)
    ? await Promise.all(repos.map(async (repo) => judgeReach(await other.ask.repository(repo), repo)))
    : [];
  return [...account, ...(isSame ? [SAME] : []), ...seen.flat()];
}

const SAME = warn(
  "it is the account that opens pull requests, and so may not judge them: its reviews are words alone",
  "give it the token of another account",
);

type Reached = Awaited<ReturnType<ForgeAsk["repository"]>>;

export function judgeReach(answer: Reached, repo: string): readonly Finding[] {
  if (answer.kind !== "ok") return [troubleOf(`it cannot see ${repo}`, answer)];
  if (answer.value.canPush !== false) return [];
  return [
    warn(
      `it may not write to ${repo}: what its base branch demands is not met by its reviews`,
      "give it the right to write there, if its approvals are to count",
    ),
  ];
}

function withoutToken(source: SourceClient["source"], isForge: boolean): Finding {
  const lost = isForge
    ? "nothing is told there, and who is no member is not trusted"
    : "nothing is told there";
  return warn(`there is no token: ${lost}`, `give sources.${source}.token one`);
}

export function judgeAccount(
  answer: Answer<OwnAccount>,
  host: string,
  isForge: boolean,
  now: number,
): readonly Finding[] {
  if (answer.kind !== "ok") {
    const what = answer.kind === "refused" ? "does not take the token" : "cannot be asked";
    return [troubleOf(`${host} ${what}`, answer)];
  }
  const { login, id, scopes, expiresAt, clock } = answer.value;
  return [
    ok(`${host} answers, and the token acts as ${login ?? id}`),
    ...(isForge && scopes !== null ? judgeScopes(scopes) : []),
    ...judgeEnd(expiresAt, now),
    ...judgeClock(clock, now),
  ];
}

/** Of a token that has scopes: finer ones do not say theirs, and are seen by what they may. */
function judgeScopes(scopes: readonly string[]): readonly Finding[] {
  const has = (...any: readonly string[]): boolean => any.some((scope) => scopes.includes(scope));
  const told = `the token's scopes are ${scopes.join(", ") || "none"}`;
  if (!has("repo", "public_repo"))
    return [
      fail(
        `${told}: it may not write to repositories`,
        "make one with the scope repo (public_repo for public ones)",
      ),
    ];
  if (!has("admin:repo_hook", "read:repo_hook", "write:repo_hook", "repo"))
    return [warn(`${told}: it may not look at webhooks`, "add admin:repo_hook, or make the webhook by hand")];
  return [ok(told)];
}

function judgeEnd(expiresAt: number | null, now: number): readonly Finding[] {
  if (expiresAt === null || expiresAt - now > ENDS_SOON_MS) return [];
  const remedy = "make a new one there, and put it where sources.*.token points";
  if (expiresAt <= now) return [fail("the token has expired", remedy)];
  return [warn(`the token expires in ${span(expiresAt - now)}`, remedy)];
}

function judgeClock(clock: number | null, now: number): readonly Finding[] {
  if (clock === null || Math.abs(now - clock) <= CLOCK_MS_MAX) return [];
  const way = now > clock ? "ahead of" : "behind";
  return [
    warn(
      `this machine's clock is ${span(Math.abs(now - clock))} ${way} theirs`,
      "set it by NTP: timedatectl set-ntp true",
    ),
  ];
}

/** Trackers ask for the right to write, by which states and comments are set. */
async function membership(ask: TrackerAsk, { id }: OwnAccount): Promise<readonly Finding[]> {
  const may = await ask.permission("", id);
  if (may.kind !== "ok") return [troubleOf("what the account may in the workspace cannot be seen", may)];
  if (may.value === "write" || may.value === "admin") return [ok("the account is a member of the workspace")];
  return [
    fail(
      may.value === "none"
        ? "the account is no member of the workspace"
        : "the account is a guest in the workspace",
      "add it as a member there, or correct sources.*.workspace",
    ),
  ];
}
