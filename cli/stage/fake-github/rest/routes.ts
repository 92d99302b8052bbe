/** All routes of the API that this server knows. */

import { tableOf } from "../http/routing.ts";
import { CHECK_ROUTES } from "./checks.ts";
import { HOOKS } from "./hooks.ts";
import { ISSUES } from "./issues.ts";
import { PULLS } from "./pulls.ts";
import { OTHERS, REPOS } from "./repos.ts";

export const ROUTES = tableOf([...ISSUES, ...PULLS, ...CHECK_ROUTES, ...HOOKS, ...REPOS, ...OTHERS]);
