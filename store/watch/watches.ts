/** Up to when each source is known by asking: a row per place and kind of thing. */

import type { Source } from "../../workflow/delivery.ts";
import type { Engine, Row } from "../engine/engine.ts";
import { decode, sourceOf } from "../engine/row.ts";

export interface Watch {
  readonly source: Source;
  /** As the source names it: `acme/shop`, or the id of a project. */
  readonly place: string;
  /** Of what, such as `items`. */
  readonly kind: string;
  /** By the clock of the source (ms): everything that has changed before is known. */
  readonly since: number;
  /** With which the same is asked again; `null` where the source gave none. */
  readonly etag: string | null;
}

export interface WatchStore {
  /** Of one place, by kind. */
  of(source: Source, place: string): Promise<readonly Watch[]>;
  put(watch: Watch): Promise<void>;
}

const OF = "select * from watches where source = $1 and place = $2 order by kind";
const PUT = `
insert into watches (source, place, kind, since, etag) values ($1, $2, $3, $4, $5)
on conflict (source, place, kind) do update set since = excluded.since, etag = excluded.etag`;

export function watchStore(engine: Engine): WatchStore {
  return {
    of: async (source, place) => (await engine.all(OF, [source, place])).map(readWatch),
    put: async ({ source, place, kind, since, etag }) => {
      await engine.atomic([{ sql: PUT, params: [source, place, kind, since, etag] }]);
    },
  };
}

function readWatch(row: Row): Watch {
  const columns = decode("watches", row);
  const { text, textOrNull, integer } = columns;
  return {
    source: sourceOf(columns),
    place: text("place"),
    kind: text("kind"),
    since: integer("since"),
    etag: textOrNull("etag"),
  };
}
