/** What issues of tasks wait for: see `reconciler/needs.ts`. */

import { same } from "../../workflow/text/same.ts";
import type { NeedsKind } from "../needs.ts";
import { dependencyEvent } from "./payloads.ts";

export const GITHUB_NEEDS: NeedsKind = {
  itemOf({ place }, { kind, id }) {
    const [repo = "", number = ""] = kind === "issue" ? id.split("#") : [];
    return same(repo, place.name) && /^\d{1,9}$/.test(number) ? { place: place.name, id: number } : null;
  },
  found: ({ now }, _one, { place, id }) => {
    return { event: "issue_dependencies", body: dependencyEvent(place, Number(id), now) };
  },
};
