/** `npm run fake-github -- [--port N]`: the proof server and its page. */

import { parseArgs } from "node:util";
import { FAKE_BOT, FAKE_REPO, startFakeGithub } from "./start.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "8082" } } });
const server = await startFakeGithub({ port: Number(values.port) });
process.stdout.write(`A GitHub to try things with: ${server.url}

  api_url     ${server.api}
  token       ${server.token} (acts as ${FAKE_BOT})
  repository  ${server.cloneUrl(FAKE_REPO)} (${FAKE_REPO})

Somebody opens an issue there:
  curl -d '{"repo":"${FAKE_REPO}","by":"ada","title":"It is broken","labels":["agent"]}' ${server.url}/_/people/open
`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => void server.close().then(() => process.exit(0)));
