/** Pictures of the demo of a forge: its issue with the live comment, and its pull request, as people see them. */

import { viewOf } from "../../cli/demo/forge/forge.ts";
import { runForgeDemo } from "../../cli/demo/forge/run.ts";
import { headOf } from "../../cli/demo/forge/sights.ts";
import type { FakeGithub } from "../../cli/stage/fake-github/start.ts";
import { systemClock } from "../../system/clock.ts";
import type { Tab } from "./chromium.ts";

const WIDTH = 960;
const SCALE = 1.5;
const BAR = 20;
/** Once the page shows the item as it is now. */
const READY = `new Promise((ready) => {
  const look = () => document.querySelector(".heading") ? ready() : setTimeout(look, 20);
  look();
})`;
const HEIGHT = `Math.ceil(document.querySelector(".columns > div > form").getBoundingClientRect().top + scrollY)`;

export interface Picture {
  readonly name: string;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** @throws Error where the demo does not come to its end, or not past what is to be seen */
export async function forgePictures(tab: Tab, save: (picture: Picture) => void): Promise<void> {
  const taken = new Set<string>();
  const take = async (github: FakeGithub, name: string, path: string): Promise<void> => {
    if (taken.has(name)) return;
    taken.add(name);
    const look = { width: WIDTH, scale: SCALE, scheme: "light" } as const;
    await tab.look({ ...look, height: 1_200 });
    await tab.open(`${github.url}${path}`);
    await tab.evaluate(READY);
    const height = Number(await tab.evaluate(HEIGHT)) - BAR;
    await tab.look({ ...look, height: height + 300 });
    save({ name, png: await tab.picture({ x: 0, y: 0, width: WIDTH, height }), width: WIDTH, height });
  };
  const ended = await runForgeDemo({
    ...{ say: () => undefined, keep: false, program: "chargehand", clock: systemClock(), width: 100 },
    ...{ interrupted: new AbortController().signal, areAlone: true, isWatched: false },
    async onLook(github) {
      const { repo, issue, pull } = viewOf(github);
      const [comment] = [...repo.comments.values()].filter((one) => one.issue === issue?.number);
      const head = headOf(comment?.body ?? "");
      if (pull === null || issue === null) return;
      const { reviews, threads, merged } = pull.pull;
      const isReviewed = reviews.some(({ state }) => state === "CHANGES_REQUESTED");
      if (
        isReviewed &&
        threads.every(({ resolvedBy }) => resolvedBy !== null) &&
        head.includes("Waits for you")
      )
        await take(github, "forge-issue", `/acme/shop/issues/${issue.number}`);
      if (merged !== null && head.includes("Done"))
        await take(github, "forge-pull", `/acme/shop/pull/${pull.number}`);
    },
  });
  if (ended === null || ended.failure !== null) throw new Error(ended?.failure ?? "it was interrupted");
  if (taken.size < 2) throw new Error(`only these were seen: ${[...taken].join(", ")}`);
}
