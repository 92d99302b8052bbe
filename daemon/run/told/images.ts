/** The images of what a task stands for, as files that its agent may read: beside the text from outside. */

import { ASKED_FOLDER } from "../../../agents/supervision/run-folder.ts";
import { type FetchingPorts, giveImages } from "../../../forges/images/fetch.ts";
import type { ImagesAsk } from "../../../forges/images/images.ts";
import type { Log } from "../../../system/log.ts";
import type { ItemContext } from "../../../workflow/outside/context.ts";
import type { ToldImage } from "../../../workflow/phases/prompt.ts";
import type { Task } from "../../../workflow/task.ts";

export interface ImagePorts extends FetchingPorts {
  /** Where they are kept, by task. */
  readonly directory: string;
  /** Who is asked where images of this source lie; `null` where nobody can be. */
  readonly askOf: (source: string) => ImagesAsk | null;
}

export interface TellingImages {
  readonly images?: ImagePorts;
  readonly log: Log;
}

/** @param directory the run's */
export async function tellImages(
  { images, log }: TellingImages,
  task: Task,
  item: ItemContext | null,
  directory: string,
): Promise<readonly ToldImage[]> {
  if (images === undefined || item === null || item.images.length === 0) return [];
  const folders = { kept: `${images.directory}/${task.key}`, given: `${directory}/${ASKED_FOLDER}` };
  const ask = item.at === null ? null : images.askOf(item.at.source);
  const source = item.at === null || ask === null ? null : { ask, at: item.at };
  const found = await giveImages(images, source, folders, item.images);
  return found.map((image) => {
    if (image.kind === "given") return { ...image, reason: null };
    log.info({ event: "image.missing", task: task.key, reason: image.reason });
    return { ...image, file: null };
  });
}
