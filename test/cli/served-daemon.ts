/** The API as it is, over a store in memory, on a free port: for commands whose answers no script should invent. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type Scene, scene, TOKEN } from "../handlers/api/served.ts";
import { NOW as SCENE_NOW } from "../handlers/hand-moved.ts";
import { chargehand, type Ended, NOW } from "./scripted-daemon.ts";

export interface ServedDaemon extends Scene {
  /** Runs one command line against it. */
  run(...args: string[]): Promise<Ended>;
}

/** Its clock and that of the command line show the same. */
export async function servedDaemon(
  test: TestContext,
  setting: Parameters<typeof scene>[1] = {},
): Promise<ServedDaemon> {
  const served = await scene(test, setting);
  served.clock.move(NOW - SCENE_NOW);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const [method = "GET", path = "/"] = [request.method, request.url];
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[name, value]] : [],
    );
    const body =
      method === "GET" || parts.length === 0 ? {} : { body: Buffer.concat(parts).toString("utf8") };
    const answer = await served.request(path, { method, headers, ...body });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const env = { CHARGEHAND_URL: `http://127.0.0.1:${port}`, CHARGEHAND_TOKEN: TOKEN, USER: "ann" };
  return { ...served, run: (...args) => chargehand(["schedules", ...args], env, 80) };
}
