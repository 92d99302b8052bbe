/** Lines of a log that call a tool, out of pieces of any size. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linesOfTool } from "../../../../handlers/api/looking-back/tool-calls.ts";

const toolsIn = (line: string): readonly string[] => (line.startsWith("call ") ? [line.slice(5)] : []);

async function search(text: string, tool: string, piece: number, from = 0): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const read = async (offset: number): Promise<Uint8Array> => bytes.slice(offset, offset + piece);
  return new Response(linesOfTool({ read, toolsIn, tool }, from)).text();
}

test("A16: however a log comes in pieces, all lines of the tool are found, and no others", async () => {
  const line = fc.constantFrom("call Bash", "call Read", "é", "", "call Bash2");
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      async (lines, piece) => {
        const expected = lines.filter((one) => one === "call Bash").map((one) => `${one}\n`);
        assert.equal(await search(lines.join("\n"), "Bash", piece), expected.join(""));
      },
    ),
    { numRuns: 60 },
  );
});

test("A16: it begins where it is told to, and ends when nobody reads on", async () => {
  assert.equal(await search("call Bash\ncall Bash\n", "Bash", 100, 10), "call Bash\n");
  let reads = 0;
  const read = async (): Promise<Uint8Array> => {
    reads += 1;
    return new TextEncoder().encode("call Bash\n");
  };
  const reader = linesOfTool({ read, toolsIn, tool: "Bash" }, 0).getReader();
  assert.ok((await reader.read()).value);
  await reader.cancel();
  const before = reads;
  assert.equal((await reader.read()).done, true);
  assert.equal(reads, before);
});
