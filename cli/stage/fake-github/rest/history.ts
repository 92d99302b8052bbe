/** What was done to an issue. */

import type { Route } from "../http/call.ts";
import { paged } from "../http/pages.ts";
import { actJson } from "../json/issue.ts";
import { issueIn } from "./issues.ts";

const READ = { grant: "issues", level: "read", role: "read" } as const;

export const HISTORY: readonly Route[] = [
  {
    ...{ method: "GET", path: "/repos/:owner/:repo/issues/:number/events", need: READ },
    run(call) {
      const issue = issueIn(call);
      return paged(call, issue.history, (act) => actJson(call.world, call.repo, issue, act));
    },
  },
];
