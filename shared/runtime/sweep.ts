import type { PlatformDeps } from "./deps.ts";

/** How much one run of a sweep may do. */
export interface SweepBudget {
  /** As many entries of a list. */
  readonly maxItems: number;
  /** After this time nothing more is begun. A run of the sweeper may take five minutes. */
  readonly ms: number;
}

/** What a run of a sweep is given beside its dependencies. */
export interface SweepTurn {
  readonly maxItems: number;
  /** Whether the budget's time is not over. */
  isTimeLeft(): boolean;
  /** Where the last run stopped; undefined when it came to its end. */
  readCursor(): Promise<string | undefined>;
  writeCursor(cursor: string | undefined): Promise<void>;
  /**
   * Works on one entry after the other, for as long as the budget lasts: for lists that what is done leaves.
   * An entry that fails stops no other; the errors are thrown at the end.
   */
  forEach<T>(
    items: Iterable<T> | AsyncIterable<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void>;
  /**
   * The same for a list by id in which entries may stay for days: each run continues behind the last one,
   * also behind what failed, so that everything has its turn.
   */
  forEachInTurn<T extends string | { readonly id: string }>(
    list: SweepList<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void>;
}

/** Gives a list's entries by id, from behind `after` on. It may give more than `limit`; fewer are all. */
type SweepList<T> = (
  after: string | undefined,
  limit: number,
) => AsyncIterable<T> | Promise<Iterable<T>>;

/**
 * One part of each run of the sweeper: it does what a lost task or message left undone. What it does is what
 * the task or event itself does, so that doing it twice, or at the same time, changes nothing.
 */
export interface Sweep<in D> {
  /** Of its cursor, and in the log of its errors: no two have the same. */
  readonly name: string;
  /** What it does, as operators read it. */
  readonly does: string;
  /** The services that it cannot work without, beside Google's. */
  readonly asks: readonly Service[];
  readonly budget: SweepBudget;
  readonly run: (deps: D, turn: SweepTurn) => Promise<void>;
}

type Service = "Discord" | "Redis" | "Stripe" | "Twitch";

/** Tasks and events have this long before a sweep does their work. */
export const GRACE_MS = 5 * 60_000;

const BUDGET: SweepBudget = { maxItems: 200, ms: 4 * 60_000 };

/** Defines a sweep; a budget that it doesn't name is 200 entries and four minutes. */
export function defineSweep<D>(
  sweep: Omit<Sweep<D>, "budget"> & { readonly budget?: Partial<SweepBudget> },
): Sweep<D> {
  return { ...sweep, budget: { ...BUDGET, ...sweep.budget } };
}

/**
 * Runs sweeps beside each other, each with its own cursor and budget: a long list, or a service that does not
 * answer, keeps no other waiting, and one that fails stops no other. Gives the names of those that failed.
 */
export async function runSweeps<D extends TurnDeps & Pick<PlatformDeps, "log">>(
  sweeps: readonly Sweep<D>[],
  deps: D,
): Promise<readonly string[]> {
  const failures: string[] = [];
  const runs = sweeps.map(async (sweep) => {
    try {
      await sweep.run(deps, turnOf(sweep, deps));
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
  { clock, sweeps }: TurnDeps,
): SweepTurn {
  const { maxItems } = budget;
  const endsAtMs = clock.now().getTime() + budget.ms;
  const isTimeLeft = () => clock.now().getTime() < endsAtMs;
  const readCursor = () => sweeps.doneUpTo(name);
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
      const next = count === maxItems || !isTimeLeft() ? last : undefined;
      if (next !== before) await writeCursor(next);
    }
  };
  return { maxItems, isTimeLeft, readCursor, writeCursor, forEach, forEachInTurn };
}
