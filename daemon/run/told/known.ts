/** All that a run is to know of its task: from the store, and in files of its own. */

import type { Store } from "../../../store/store.ts";
import type { Task } from "../../../workflow/task.ts";
import { type TellingImages, tellImages } from "./images.ts";
import { type Known, whatIsKnown } from "./prompt.ts";
import { giveSecrets, type SecretPorts } from "./secrets.ts";

type Ports = SecretPorts & TellingImages & { readonly store: Store };

/** @param directory the run's */
export async function knownTo(ports: Ports, task: Task, directory: string): Promise<Known> {
  const found = await whatIsKnown(ports.store, task.key);
  const questions = await giveSecrets(ports, found.questions, directory);
  return { ...found, questions, images: await tellImages(ports, task, found.item, directory) };
}
