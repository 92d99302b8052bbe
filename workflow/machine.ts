/**
 * A state machine written down once, as data: move → { from: to }.
 *
 * Types, guards, the `WHERE`s of the store, the CHECKs and triggers of both databases, `docs/states.md` and the tests
 * of the tables are all derived from such a table (I11). Nobody assigns a status; a move is named and looked up.
 */

type Moves = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Every status that move `M` may leave. */
export type From<T extends Moves, M extends keyof T> = keyof T[M] & string;
/** The status that move `M` leads to from status `S`. */
export type To<T extends Moves, M extends keyof T, S extends From<T, M>> = T[M][S];
/** Every status named anywhere in the table. */
export type StatusOf<T extends Moves> = { [M in keyof T]: (keyof T[M] | T[M][keyof T[M]]) & string }[keyof T];

/** A move that the table does not have: a broken assumption, so it throws. */
export class IllegalMove extends Error {
  override readonly name = "IllegalMove";
  constructor(machine: string, move: string, from: string) {
    super(`${machine}: '${move}' cannot leave '${from}'`);
  }
}

/**
 * Moves that nothing fires yet, and the room that will. They stand in the table because databases learn a status more
 * easily than they forget one; a decision that names one does not compile until its mark is taken away.
 */
type Unfired<T extends Moves> = Partial<Readonly<Record<keyof T & string, string>>>;
/** The moves that something fires: all but the marked ones. */
export type Fired<T extends Moves, L extends Unfired<T>> = Exclude<keyof T & string, keyof L>;

export interface Edge {
  readonly move: string;
  readonly from: string;
  readonly to: string;
}

export interface Machine<T extends Moves> {
  readonly name: string;
  readonly moves: T;
  readonly initial: StatusOf<T>;
  /** The statuses in which the thing's story is over; `finished_at` is set exactly in these. */
  readonly final: readonly StatusOf<T>[];
  /** Moves that a clock or a loop fires without any person or process: every live status in use has one (I7). */
  readonly timed: readonly (keyof T & string)[];
  /** Where a new one begins today; `initial` unless the definition says otherwise. */
  readonly begins: readonly StatusOf<T>[];
  /** Moves that nothing fires yet, and who will. */
  readonly later: Unfired<T>;
  /** What is true of a thing while it is in a status. */
  readonly meaning: Readonly<Record<StatusOf<T>, string>>;
  readonly statuses: readonly StatusOf<T>[];
  readonly live: readonly StatusOf<T>[];
  /** Statuses that a thing can be in today: what leads to the others is marked as `later`. */
  readonly inUse: readonly StatusOf<T>[];
  readonly edges: readonly Edge[];
  /** The statuses a move may leave: what stands in `WHERE status IN (…)`. */
  sources<M extends keyof T & string>(move: M): readonly From<T, M>[];
  /** Compile-time checked step: a wrong move for this status does not compile. */
  step<M extends keyof T & string, S extends From<T, M>>(move: M, from: S): To<T, M, S>;
  /** Whether a status read from outside may take this move. */
  can(move: keyof T & string, from: StatusOf<T>): boolean;
}

interface Definition<T extends Moves> {
  readonly name: string;
  readonly initial: StatusOf<T>;
  readonly final: readonly StatusOf<T>[];
  readonly timed: readonly (keyof T & string)[];
  readonly begins?: readonly StatusOf<T>[];
  /** By move; or one word for all of them, where nothing drives the whole machine yet. */
  readonly later?: Unfired<T> | string;
  readonly meaning: Readonly<Record<StatusOf<T>, string>>;
  readonly moves: T;
}

/** Builds a machine from its table. Throws {@link IllegalMove} from `step` for a status that came from outside. */
export function defineMachine<const T extends Moves>(definition: Definition<T>): Machine<T> {
  const { name, initial, final, timed, moves, meaning, begins = [initial] } = definition;
  const later = laterOf(definition);
  const edges = Object.entries(moves).flatMap(([move, table]) =>
    Object.entries(table).map(([from, to]) => ({ move, from, to })),
  );
  const statuses = [...new Set<string>([initial, ...edges.flatMap((edge) => [edge.from, edge.to])])];
  // A status from outside may be any text, also `toString`: only the table's own entries count.
  const targets = new Map(edges.map(({ move, from, to }) => [`${move} ${from}`, to]));
  const step = (move: string, from: string): string => {
    const to = targets.get(`${move} ${from}`);
    if (to === undefined) throw new IllegalMove(name, move, from);
    return to;
  };
  const inUse = new Set<string>(begins);
  for (const status of inUse)
    for (const { move, from, to } of edges) if (from === status && !(move in later)) inUse.add(to);
  return {
    name,
    moves,
    initial,
    final,
    timed,
    begins,
    later: later as Unfired<T>,
    meaning,
    inUse: [...inUse] as StatusOf<T>[],
    statuses: statuses as StatusOf<T>[],
    live: statuses.filter((status) => !(final as readonly string[]).includes(status)) as StatusOf<T>[],
    edges,
    sources: (move) => Object.keys(moves[move] ?? {}) as never,
    step: step as never,
    can: (move, from) => targets.has(`${move} ${from}`),
  };
}

function laterOf<T extends Moves>({ moves, later = {} }: Definition<T>): Readonly<Record<string, unknown>> {
  return typeof later === "string"
    ? Object.fromEntries(Object.keys(moves).map((move) => [move, later]))
    : later;
}
