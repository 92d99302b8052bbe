/** Chats: whether each service answers and takes our key. Nothing is sent; `notify test` does that. */

import { isChat, kindOf } from "../../../chats/channels.ts";
import type { Trouble } from "../../../chats/chat.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

export function chatChecks({ config, http }: Pick<Place, "config" | "http">): readonly Check[] {
  return config.notify.filter(isChat).map(({ key, channel, own }): Check => {
    const look = async (): Promise<readonly Finding[]> => {
      const { reach } = kindOf(channel);
      if (reach === null) return [ok(`only a message shows whether it works: chargehand notify test ${key}`)];
      return [judgeReach(await reach(own, http), key)];
    };
    return { area: "chats", about: key, isForStart: false, look };
  });
}

export function judgeReach(trouble: Trouble | null, key: string): Finding {
  if (trouble === null) return ok("it answers, and takes our key");
  switch (trouble.kind) {
    case "limited":
      return ok(`it answers, and limits us for now: ${trouble.reason}`);
    case "closed":
      return fail(trouble.reason, trouble.remedy);
    case "moved":
      return warn(`the chat is called ${trouble.chat} now`, "write its new id as chat");
    case "unreachable":
    case "unsure":
      return fail(trouble.reason, "see that this machine reaches it; proxies are taken from https_proxy");
    case "unreadable":
    case "refused":
      return fail(
        trouble.reason,
        `correct its token and chat (docs/chat.md); then: chargehand notify test ${key}`,
      );
    default:
      return trouble satisfies never;
  }
}
