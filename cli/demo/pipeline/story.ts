/**
 * The story of the demo of a workflow, as data: a repository with a word that is spelt wrongly, and what the agent of
 * each phase does about it. Not all of it goes well at first, because that is what a workflow is for.
 */

import type { Playbook } from "../../stage/playbook.ts";

const WRONG = "committ";
const line = (word: string): string => `Every ${word} on main is built, tested and shipped.`;
const readme = (word: string): string => `# Shop\n\n${line(word)}\n`;
const release = (word: string): string => `# Releases\n\nA release begins with a ${word}.\n`;

/** Of the first commit. */
export const SEED: Readonly<Record<string, string>> = {
  "README.md": readme(WRONG),
  "docs/release.md": release(WRONG),
  "check.sh": `# Finds words that are spelt wrongly.\nif grep -rn '${WRONG}' README.md docs; then exit 1; fi\n`,
};

/** What somebody asks for. */
export const TASK = {
  project: "shop",
  title: "Spelling error in the README file",
  body: `It looks like you accidentally spelled 'commit' with two 't's.`,
} as const;

/** What comes in while the repository is frozen. */
export const SECOND_TASK = {
  project: "handbook",
  title: "Say in the handbook how to report a mistake",
} as const;

/** Why it is let go on. */
export const UNFREEZE = { because: "rolled back to the version before", by: "you" } as const;

/** What proves the work of the developer. */
export const CHECK = { phase: "development", run: "sh check.sh", timeoutMs: 60_000 } as const;

/** What a person says while the architect is at work. */
export const SAID = { phase: "architecture", text: "Please keep the line breaks as they are." } as const;

/** What the analyst asks, and what it is answered where nobody is asked. */
export const QUESTION = {
  title: "Where is the word to be mended?",
  reason: "The issue is about the README; the word is wrong in docs/release.md, too.",
  fields: [
    {
      name: "where",
      type: "choice",
      label: "Where",
      options: ["readme", "everywhere"],
      default: "everywhere",
    },
  ],
} as const;

/** What a person is shown before the yes. */
export const ANALYSIS = {
  verdict: "ready",
  summary: `“${WRONG}” is “commit” with one t too many, in the README and in the documents.`,
  requirements: [
    { id: "R1", text: "The README says commit.", check: "sh check.sh finds nothing in README.md." },
    { id: "R2", text: "So do the documents.", check: "sh check.sh finds nothing in docs." },
  ],
  assumptions: [],
  open_questions: [],
};

const ARCHITECTURE = {
  summary: "Two words are replaced, and nothing else is touched.",
  steps: [{ title: "Mend the word", details: "In both files.", files: ["README.md", "docs/release.md"] }],
  tests: [{ requirement: "R1", test: "sh check.sh" }],
  risks: [],
};

const FINDING = { severity: "blocking", file: "CHANGELOG.md", problem: "Nobody is told of the change." };

/** What each phase's agent does, run after run. */
export const PLAYBOOK: Playbook = {
  turnMs: 200,
  phases: {
    analysis: [
      { says: "Somebody has to say where.", ask: QUESTION },
      {
        needs: ["## Answers"],
        artifact: JSON.stringify({ verdict: "ready", summary: ANALYSIS.summary }),
        says: "Understood.",
      },
      {
        artifact: JSON.stringify(ANALYSIS, null, 2),
        hears: { "## Feedback": "What was said about it is in it." },
        says: "The word is wrong in two files.",
      },
    ],
    architecture: [{ artifact: JSON.stringify(ARCHITECTURE, null, 2), says: "A word in each of two files." }],
    development: [
      {
        needs: ["## analysis: analysis.json", "## architecture: architecture.json"],
        hears: { [SAID.text]: "The line breaks stay as they are." },
        files: { "README.md": readme("commit") },
        says: "Mended the README.",
      },
      {
        needs: ["## Trouble", "docs/release.md"],
        files: { "docs/release.md": release("commit") },
        says: "Mended docs/release.md, which the check has found.",
      },
      {
        needs: ["## review: review.json", FINDING.problem],
        files: { "CHANGELOG.md": "# Changes\n\n- A word is spelt as it should be.\n" },
        says: "Wrote the change into CHANGELOG.md, as the review has asked.",
      },
    ],
    review: [
      {
        artifact: JSON.stringify({
          verdict: "changes_requested",
          summary: "The word is right. CHANGELOG.md does not say so.",
          findings: [FINDING],
        }),
        says: "CHANGELOG.md does not tell of the change.",
      },
      {
        artifact: JSON.stringify({
          verdict: "approved",
          summary: "The word is right, and CHANGELOG.md says so.",
          findings: [],
        }),
        says: "Nothing is left to be found.",
      },
    ],
    testing: [
      {
        artifact: JSON.stringify({
          verdict: "passed",
          summary: "Both requirements are met.",
          tried: [
            { requirement: "R1", what: "sh check.sh", outcome: "works" },
            { requirement: "R2", what: "sh check.sh", outcome: "works" },
          ],
          failures: [],
        }),
        says: "Both requirements are met.",
      },
    ],
    deploy: [
      {
        artifact: JSON.stringify({
          verdict: "DEGRADED",
          summary: "The shop is deployed, and its checkout answers 500 since.",
          observed: [{ what: "checkout", before: "200", after: "500" }],
          way_back: "Deploy the version before again.",
        }),
        says: "Its checkout answers 500 since the deploy.",
      },
    ],
  },
};
