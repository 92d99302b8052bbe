/**
 * Secret answers: each question's in a file of its own (mode 0600), below a folder that no agent sees.
 *
 * E1. A value is in its file before the answer is in its row, and in no row ever. The redactor knows it from then on,
 *     and learns it again with every look at the file: a daemon that was started again forgets.
 * E2. A run is given what its task was answered, as files in a folder of its own, until its processes are gone.
 * E3. The file goes when its task is over, and so does one that no answer names, after a while.
 */

import { runFolder } from "../../../agents/supervision/run-folder.ts";
import type { Store } from "../../../store/store.ts";
import type { Chance } from "../../../system/chance.ts";
import { placeIn } from "../../../system/files/strange-place.ts";
import type { Files } from "../../../system/files.ts";
import type { Redactor } from "../../../system/redactor.ts";
import type { Answers, Question } from "../../../workflow/phases/question.ts";
import { taskMoves } from "../../../workflow/states.ts";

export interface SecretPorts {
  readonly files: Files;
  readonly log: { readonly redactor: Pick<Redactor, "learn"> };
  readonly dataDir: string;
}

interface Rows {
  readonly questions: Pick<Store["questions"], "get" | "ofTask">;
  readonly tasks: Pick<Store["tasks"], "get">;
}

type Values = Readonly<Record<string, string>>;

/** All values of one question, which are bounded one by one. */
const FILE_BYTES_MAX = 4 * 1_048_576;
const FILES_MAX = 10_000;
/** An answer is decided moments after its file was written. */
const ORPHAN_MS = 600_000;

/** @returns the name of what was laid down, which nobody can guess */
export async function keepSecrets(
  ports: SecretPorts & { readonly chance: Pick<Chance, "token"> },
  question: number,
  values: Values,
): Promise<string> {
  ports.log.redactor.learn(Object.values(values));
  const name = ports.chance.token();
  await ports.files.makeDirectory("secrets", folderOf(ports));
  await ports.files.write("secrets", pathOf(ports, question, name), JSON.stringify(values));
  return name;
}

export async function dropSecrets(ports: SecretPorts, question: number, name: string): Promise<void> {
  await ports.files.remove("secrets", pathOf(ports, question, name));
}

/** By field; none where they are kept no more. */
export async function readSecrets(
  ports: SecretPorts,
  { id, secrets }: Pick<Question, "id" | "secrets">,
): Promise<Values> {
  if (secrets === null) return {};
  const received = await ports.files.door.read(
    "secrets",
    placeIn(folderOf(ports), fileOf(id, secrets)),
    0,
    FILE_BYTES_MAX,
  );
  if (received.kind !== "read") return {};
  const values: unknown = JSON.parse(new TextDecoder().decode(received.bytes));
  const entries = Object.entries(values ?? {}).filter(([, value]) => typeof value === "string");
  ports.log.redactor.learn(entries.map(([, value]) => value));
  return Object.fromEntries(entries);
}

/**
 * E2. Lays down what a task was answered, the newest of each name.
 *
 * @returns the questions, which say of each secret where it is
 */
export async function giveSecrets(
  ports: SecretPorts,
  questions: readonly Question[],
  directory: string,
): Promise<readonly Question[]> {
  const folder = runFolder(directory).answers;
  const told: Question[] = [];
  for (const question of questions) {
    const values = Object.entries(await readSecrets(ports, question));
    if (values.length > 0) await ports.files.makeDirectory("secrets", folder);
    for (const [name, value] of values) await ports.files.write("secrets", `${folder}/${name}`, value);
    const given = values.map(([name]) => [
      name,
      `(secret: in the file ${folder}/${name} while this run lasts)`,
    ]);
    told.push(
      question.secrets === null
        ? question
        : { ...question, answers: { ...goneOf(question), ...Object.fromEntries(given) } },
    );
  }
  return told;
}

/** The answers, with what is to be said of a secret that is kept no more. */
function goneOf({ form, answers }: Question): Answers {
  const gone = form.fields.filter(({ name, type }) => type === "secret" && answers?.[name] !== undefined);
  return { ...answers, ...Object.fromEntries(gone.map(({ name }) => [name, "(secret, and kept no more)"])) };
}

/** E2. Its processes are gone. */
export async function takeBackSecrets(
  { files }: Pick<SecretPorts, "files">,
  directory: string,
): Promise<void> {
  await files.remove("secrets", runFolder(directory).answers);
}

/** E3. Of one task that is over. */
export async function forgetSecrets(
  ports: SecretPorts & { readonly store: Pick<Rows, "questions"> },
  task: string,
): Promise<void> {
  for (const { id, secrets } of await ports.store.questions.ofTask(task))
    if (secrets !== null) await dropSecrets(ports, id, secrets);
}

/** E1 and E3, of whatever lies there. @param now ms, by the clock that stamps files */
export async function sweepSecrets(
  ports: SecretPorts & { readonly store: Rows },
  now: number,
): Promise<void> {
  const { files, store } = ports;
  const folder = folderOf(ports);
  const listed = await files.door.list("secrets", placeIn(ports.dataDir, FOLDER), FILES_MAX);
  for (const name of listed.kind === "listed" ? listed.names : []) {
    const [, id, secrets] = /^(\d{1,15})-([\w-]+)\.json$/.exec(name) ?? [];
    const question = id === undefined ? null : await store.questions.get(Number(id));
    const isNamed = question !== null && question.secrets === secrets;
    const task = isNamed ? await store.tasks.get(question.task) : null;
    if (isNamed && task !== null && !taskMoves.final.includes(task.status)) {
      await readSecrets(ports, question);
      continue;
    }
    const looked = await files.door.look("secrets", placeIn(folder, name));
    if (isNamed || looked.kind !== "seen" || looked.modifiedAt < now - ORPHAN_MS)
      await files.remove("secrets", `${folder}/${name}`);
  }
}

const FOLDER = "secrets";

function folderOf({ dataDir }: Pick<SecretPorts, "dataDir">): string {
  return `${dataDir}/${FOLDER}`;
}

function fileOf(question: number, name: string): string {
  return `${question}-${name}.json`;
}

function pathOf(ports: SecretPorts, question: number, name: string): string {
  return `${folderOf(ports)}/${fileOf(question, name)}`;
}
