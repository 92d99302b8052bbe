/** All routes of the API that this server knows; what is left of the limits is answered by whoever keeps them. */

import { tableOf } from "../../fake-host/routing.ts";
import { GRAPHQL } from "../graphql/answer.ts";
import { APPS } from "./apps.ts";
import { CHECK_ROUTES } from "./checks.ts";
import { HISTORY } from "./history.ts";
import { HOOKS } from "./hooks.ts";
import { ISSUES } from "./issues.ts";
import { PULLS } from "./pulls.ts";
import { REACTIONS } from "./reactions.ts";
import { OTHERS, REPOS } from "./repos.ts";

export const ROUTES = tableOf([
  ...[...ISSUES, ...HISTORY, ...PULLS, ...CHECK_ROUTES, ...HOOKS, ...REPOS, ...OTHERS],
  ...[...REACTIONS, ...APPS, ...GRAPHQL],
]);
