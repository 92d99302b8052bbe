/** What starts a task, and whose word counts: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  {
    line: 13,
    text: "+    start: { labels: [1] }",
    path: "projects[0].start.labels[0]",
    says: /put it in quotes/,
    at: 14,
  },
  {
    line: 13,
    text: "+    start: { commands: [agent] }",
    path: "projects[0].start.commands[0]",
    says: /begins with a slash/,
    at: 14,
  },
  {
    line: 13,
    text: "+    trust: { github: [CONTRIBUTOR] }",
    path: "projects[0].trust.github[0]",
    says: /OWNER, MEMBER, COLLABORATOR/,
    at: 14,
  },
]);
