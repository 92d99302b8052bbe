/** Plane's work items as a whole. Pure. Its API finds no item by the number alone that a text may name. */

import type { PlaneClient } from "../../forges/plane/plane.ts";
import type { IssueKit } from "../kit.ts";
import { htmlText } from "./html.ts";
import { refsOf } from "./item.ts";

export const PLANE_ISSUES: IssueKit<Pick<PlaneClient, "spare">> = {
  ask: ({ spare }) => spare,
  text: htmlText,
  isConverted: true,
  links: () => [],
  refs: ({ id }) => refsOf(id),
  named: ({ id }) => id,
};
