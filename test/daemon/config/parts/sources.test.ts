/** Who sends webhooks: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  { line: 4, text: "  github: {}", path: "sources.github.secret", says: /is missing/ },
  {
    line: 4,
    text: "  github: { secret: 12345678 }",
    path: "sources.github.secret",
    says: /must be text, or a list/,
  },
  { line: 4, text: "  github: { secret: [] }", path: "sources.github.secret", says: /must not be empty/ },
  {
    line: 4,
    text: "  github: { secret: x, api_url: api.github.com }",
    path: "sources.github.api_url",
    says: /http\(s\) address/,
  },
  {
    line: 4,
    text: "  github: { secret: x, api_url: https://u:p@h }",
    path: "sources.github.api_url",
    says: /without user, password/,
  },
  {
    line: 4,
    text: "  github: { secret: x, accounts: { reviewer: { account: bob } } }",
    path: "sources.github.accounts.reviewer",
    says: /needs a token, or an app/,
  },
  { line: 4, text: "  gihub: { secret: x }", path: "sources.gihub", says: /did you mean "github"\?/ },
  {
    line: 5,
    text: "  plane: { secret: x, token: y }",
    path: "sources.plane.workspace",
    says: /workspace's slug/,
  },
  {
    line: 5,
    text: "  github2: { secret: x }",
    path: "projects[1].plane_project",
    says: /sources.plane is missing/,
    at: 15,
  },
]);
