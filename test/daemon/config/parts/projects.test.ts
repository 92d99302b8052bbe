/** Projects: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  {
    line: 10,
    text: "  - name: mill",
    path: "projects[1].name",
    says: /"mill" is already the name of projects\[0\]/,
    at: 15,
  },
  { line: 10, text: "  - name: a/b", path: "projects[0].name", says: /letters, digits/ },
  {
    line: 11,
    text: "    prefix: MILL",
    path: "projects[1].prefix",
    says: /already the prefix of projects\[0\]/,
    at: 15,
  },
  { line: 11, text: "    prefix: shop", path: "projects[0].prefix", says: /capital letters/ },
  { line: 11, text: "    prefix: ABCDEFGHIJK", path: "projects[0].prefix", says: /1 to 10/ },
  {
    line: 11,
    text: "    prefix: 12",
    path: "projects[0].prefix",
    says: /must be text, not a number; put it in quotes/,
  },
  { line: 12, text: "    repo: shop", path: "projects[0].repo", says: /as the forge names it/ },
  {
    line: 13,
    text: "    base_branch: main",
    path: "projects[0].clone_url",
    says: /is missing: what git clones from/,
    at: 10,
  },
  {
    line: 13,
    text: "    clone_url: --upload-pack=x",
    path: "projects[0].clone_url",
    says: /git can clone from/,
  },
  { line: 13, text: "    clone_url: ext::sh", path: "projects[0].clone_url", says: /git can clone from/ },
  {
    line: 13,
    text: "+    base_branch: -x",
    path: "projects[0].base_branch",
    says: /name of a branch/,
    at: 14,
  },
  {
    line: 13,
    text: "+    base_branch: a..b",
    path: "projects[0].base_branch",
    says: /name of a branch/,
    at: 14,
  },
  {
    line: 13,
    text: "+    serial: sometimes",
    path: "projects[0].serial",
    says: /must be boolean, not text/,
    at: 14,
  },
  {
    line: 13,
    text: "+    publish: brunch",
    path: "projects[0].publish",
    says: /did you mean "branch"\?/,
    at: 14,
  },
  {
    line: 14,
    text: "    agent: developper",
    path: "projects[0].agent",
    says: /there is no agent "developper"; did you mean "developer"\?/,
  },
  { line: 14, text: "    agent: toString", path: "projects[0].agent", says: /known are developer, script/ },
  { line: 14, text: "", path: "projects[0].agent", says: /is missing/, at: 10 },
]);
