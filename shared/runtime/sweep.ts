import type { PlatformDeps } from "./deps.ts";
import { lazy } from "./lazy.ts";

/** How much one run of a sweep may do. */
export interface SweepBudget {
  /** The most entries of a list that are worked on. */
  readonly maxItems: number;
  /** After this time no further entry is started. A run of the sweeper may take five minutes. */
  readonly ms: number;
}

/** What a run of a sweep is given beside its dependencies. */
export interface SweepTurn {
  readonly maxItems: number;
  /** Whether the budget leaves time for another entry. */
  isTimeLeft(): boolean;
  /** Where the last run stopped; undefined if it reached the end of the list. */
  readCursor(): Promise<string | undefined>;
  writeCursor(cursor: string | undefined): Promise<void>;
  /**
   * Works on one entry after the other for as long as the budget lasts. It suits lists from which an entry
   * disappears when it is done. If an entry fails, the others go on, and the errors are thrown at the end.
   */
  forEach<T>(
    items: Iterable<T> | AsyncIterable<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void>;
  /**
   * The same for lists, ordered by id, in which entries may stay for days: each run continues after the last entry
   * of the previous run, even if that failed, so that every entry gets its turn.
   */
  forEachInTurn<T extends string | { readonly id: string }>(
    list: SweepList<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void>;
}

/** Returns a list's entries after the id `after`. It may return more than `limit`; fewer are all there are. */
type SweepList<T> = (
  after: string | undefined,
  limit: number,
) => AsyncIterable<T> | Promise<Iterable<T>>;

/**
 * One part of each run of the sweeper: it does what a lost task or message left undone, and in the same way as that
 * task or message, so that doing it twice, or twice at the same time, changes nothing.
 */
export interface Sweep<in D> {
  /** Names its cursor and, in the log, its errors. Unique. */
  readonly name: string;
  /** A description for operators. */
  readonly does: string;
  /** The services that it depends on, besides Google's. */
  readonly asks: readonly Service[];
  readonly budget: SweepBudget;
  readonly run: (deps: D, turn: SweepTurn) => Promise<void>;
}

type Service = "Discord" | "Redis" | "Stripe" | "Twitch";

/** How late a task or event may be before a sweep does its work. */
export const GRACE_MS = 5 * 60_000;

const BUDGET: SweepBudget = { maxItems: 200, ms: 4 * 60_000 };

/** Defines a sweep; its budget is 200 entries and four minutes unless it names another. */
export function defineSweep<D>(
  sweep: Omit<Sweep<D>, "budget"> & { readonly budget?: Partial<SweepBudget> },
): Sweep<D> {
  return { ...sweep, budget: { ...BUDGET, ...sweep.budget } };
}

/**
 * Runs sweeps in parallel, each with its own cursor and budget: neither a long list, nor a service that does not
 * answer, nor a failure keeps the other sweeps from their work. Returns the names of those that failed.
 */
export async function runSweeps<D extends TurnDeps & Pick<PlatformDeps, "log">>(
  sweeps: readonly Sweep<D>[],
  deps: D,
): Promise<readonly string[]> {
  const failures: string[] = [];
  // Most lists have no cursor, so all are read at once.
  const cursors = lazy(() => deps.sweeps.doneUpTo());
  const runs = sweeps.map(async (sweep) => {
    try {
      await sweep.run(deps, turnOf(sweep, cursors, deps));
    } catch (error) {
      failures.push(sweep.name);
      deps.log.error("A part of the sweep failed", error, { part: sweep.name });
    }
  });
  await Promise.all(runs);
  return failures;
}

type TurnDeps = Pick<PlatformDeps, "clock" | "sweeps">;

function turnOf(
  { name, budget }: Pick<Sweep<never>, "name" | "budget">,
  cursors: () => Promise<ReadonlyMap<string, string>>,
  { clock, sweeps }: TurnDeps,
): SweepTurn {
  const { maxItems } = budget;
  const endsAtMs = clock.now().getTime() + budget.ms;
  const isTimeLeft = () => clock.now().getTime() < endsAtMs;
  const readCursor = async () => (await cursors()).get(name);
  const writeCursor = (cursor: string | undefined) => sweeps.recordDoneUpTo(name, cursor);
  const forEach: SweepTurn["forEach"] = async (items, work) => {
    const errors: unknown[] = [];
    let count = 0;
    try {
      for await (const item of items) {
        await work(item).catch((error: unknown) => errors.push(error));
        count += 1;
        if (count === maxItems || !isTimeLeft()) break;
      }
    } catch (error) {
      errors.push(error);
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} could not be swept`);
  };
  const forEachInTurn: SweepTurn["forEachInTurn"] = async (list, work) => {
    const before = await readCursor();
    const items = await list(before, maxItems);
    let count = 0;
    let last = before;
    try {
      await forEach(items, (item) => {
        count += 1;
        last = typeof item === "string" ? item : item.id;
        return work(item);
      });
    } finally {
      const hasListEnded = Array.isArray(items) && count === items.length && count < maxItems;
      const isMoreLeft = count === maxItems || (!isTimeLeft() && !hasListEnded);
      const next = isMoreLeft ? last : undefined;
      if (next !== before) await writeCursor(next);
    }
  };
  return { maxItems, isTimeLeft, readCursor, writeCursor, forEach, forEachInTurn };
}
