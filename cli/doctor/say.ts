/** What was found, for people: by area, a line for each, and what to do below it. */

import { counted, plain } from "../phrases.ts";
import type { Examined } from "./examine.ts";
import { AREAS, type Status } from "./finding.ts";

const MARKS: Readonly<Record<Status, string>> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

export function sayFindings(findings: readonly Examined[]): string {
  const areas = AREAS.flatMap((area) => {
    const own = findings.filter((finding) => finding.area === area);
    return own.length === 0 ? [] : [`${area}\n${own.map(line).join("")}`];
  });
  return `${areas.join("")}\n${summary(findings)}\n`;
}

function line({ status, about, says, remedy }: Examined): string {
  const what = `  ${MARKS[status]}  ${about === null ? "" : `${plain(about)}: `}${plain(says)}\n`;
  return remedy === null ? what : `${what}        → ${plain(remedy)}\n`;
}

function summary(findings: readonly Examined[]): string {
  const number = (status: Status): number => findings.filter((one) => one.status === status).length;
  const fine = counted(number("ok"), "thing is fine", "things are fine");
  const [look, wrong] = [number("warn"), number("fail")];
  if (look + wrong === 0) return `All is well: ${fine}.`;
  return `${fine}, ${look} to look at, ${wrong} wrong.`;
}
