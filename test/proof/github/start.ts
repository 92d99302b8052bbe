/** The scripted GitHub as tests use it: every call is held against the published API (`violations`). */

import {
  type FakeGithub,
  type FakeGithubOptions,
  startFakeGithub,
} from "../../../cli/stage/fake-github/start.ts";
import { openapiCheck } from "./openapi.ts";

export async function startGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  return await startFakeGithub({ check: openapiCheck().check, ...options });
}
