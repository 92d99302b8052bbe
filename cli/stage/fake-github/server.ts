/** What is served where: the page, its state and its hands, logs, and the API for everything else. */

import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { HostEnv } from "../fake-host/listen.ts";
import { controlApp, type Served } from "./control.ts";
import { answerCall } from "./http/answer.ts";

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'";
const HTML = ["page.html", "text/html; charset=utf-8"] as const;
const PAGE: Readonly<Record<string, readonly [name: string, type: string]>> = {
  "/": HTML,
  "/:owner/:repo/issues/:number": HTML,
  "/:owner/:repo/pull/:number": HTML,
  "/_/page.css": ["page.css", "text/css; charset=utf-8"],
  "/_/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/_/markdown.js": ["markdown.js", "text/javascript; charset=utf-8"],
};

export function appOf(served: Served, closing: AbortSignal): Hono<HostEnv> {
  const app = new Hono<HostEnv>();
  for (const [path, [name, type]] of Object.entries(PAGE))
    app.get(path, async (c, next) => {
      // What asks for JSON at an address of the same shape means the API.
      if (/^\/(repos|api|app|users)\//.test(c.req.path)) return await next();
      const text = readFileSync(new URL(`page/${name}`, import.meta.url), "utf8");
      return c.body(text, 200, { "content-type": type, "content-security-policy": POLICY });
    });
  app.route("/_", controlApp(served, closing));
  app.get("/-/files/*", (c) => served.host.world.assets.answer(c));
  // Its own address wants somebody who is logged in.
  app.get("/user-attachments/assets/:id", (c) => c.text("Not Found", 404));
  app.all("*", (c) => answerCall(c, served.host, closing));
  return app;
}
