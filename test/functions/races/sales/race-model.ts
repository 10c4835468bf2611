import fc from "fast-check";

/** What happens in a simulation of races: what each lobby does when, what is sold, what is refunded. */
export interface RaceScript {
  /** Of each lobby, in basis points. */
  readonly rates: readonly number[];
  readonly actions: readonly {
    readonly kind: "join" | "leave" | "start" | "finish";
    readonly lobby: number;
    readonly racer: string;
    readonly atMs: number;
  }[];
  readonly sales: readonly {
    readonly id: string;
    readonly base: number;
    readonly soldAtMs: number;
    /** The lobby it names. */
    readonly lobby: number | undefined;
    readonly currency: string;
  }[];
  readonly refunds: readonly {
    readonly sale: string;
    readonly id: string;
    readonly amount: number;
    readonly currency: string;
  }[];
}

const SIMULATION_MS = 100_000;
const LOBBIES = 3;
/** They have joined by the first start, if they join before it. */
const EARLY_MS = 10;
const racers = ["ann", "bob", "cy", "dan", "eve", "fay", "gus", "hal", "ivy", "jan"];

const racer = fc.constantFrom(...racers);
const moment = fc.integer({ min: 1, max: SIMULATION_MS });
/** A typical race: some join, it starts, people join and leave, and in most cases it is finished. */
const race = fc.record({
  rateBps: fc.constantFrom(0, 1, 333, 2000, 2000, 10_000),
  early: fc.array(racer, { minLength: 1, maxLength: 9 }),
  startMs: fc.integer({ min: 1000, max: SIMULATION_MS / 2 }),
  lengthMs: fc.integer({ min: 100, max: SIMULATION_MS / 2 }),
  isFinished: fc.constantFrom(true, true, true, false),
  others: fc.array(
    fc.record({
      kind: fc.constantFrom("join", "leave", "leave", "leave", "start", "finish"),
      /** One of those who joined early, or anyone. */
      racer: fc.oneof(fc.nat({ max: 8 }), racer),
      /** In most cases during the race: per mille of its length. */
      during: fc.option(fc.nat({ max: 1000 }), { nil: undefined, freq: 4 }),
      atMs: moment,
    }),
    { minLength: 2, maxLength: 8 },
  ),
});
type Race = typeof race extends fc.Arbitrary<infer Value> ? Value : never;

/** A sale at any time, or at the time of an action, or just before it. */
const sale = fc.record({
  base: fc.oneof(fc.integer({ min: 0, max: 300 }), {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 100_000_000 }),
  }),
  time: fc.oneof(
    moment.map((atMs) => ({ atMs })),
    fc.record({ action: fc.nat(), offsetMs: fc.constantFrom(-1, 0, 1) }),
  ),
  lobby: fc.option(fc.nat({ max: LOBBIES - 1 }), { nil: undefined, freq: 2 }),
  currency: fc.constantFrom("usd", "usd", "eur", "jpy"),
});

function actionsOf({ early, startMs, lengthMs, isFinished, others }: Race, lobby: number) {
  const [first = "ann"] = early;
  const start = { kind: "start", racer: first, atMs: startMs };
  const finish = { kind: "finish", racer: first, atMs: startMs + lengthMs };
  const joins = early.map((joined, index) => ({ kind: "join", racer: joined, atMs: index + 1 }));
  const later = others.map(({ racer: who, during, atMs, kind }) => ({
    kind,
    atMs: during === undefined ? atMs : startMs + Math.floor((lengthMs * during) / 1000),
    racer: typeof who === "string" ? who : (early[who % early.length] ?? first),
  }));
  const all = [...joins, start, ...(isFinished ? [finish] : []), ...later];
  return all.map((done) => ({ ...done, lobby }) as RaceScript["actions"][number]);
}

/** Simulations of three races in which no two actions of a lobby happen at the same time. */
export const raceScripts: fc.Arbitrary<RaceScript> = fc
  .record({
    races: fc.array(race, { minLength: LOBBIES, maxLength: LOBBIES }),
    made: fc.array(sale, { maxLength: 12 }),
    refunded: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 400 })), {
      maxLength: 8,
    }),
  })
  .map(({ races, made, refunded }) => {
    const actions = races.flatMap((raced, lobby) => {
      const moments = new Set<number>();
      return actionsOf(raced, lobby).filter(({ atMs }) => !moments.has(atMs) && moments.add(atMs));
    });
    const turns = actions.filter(({ kind, atMs }) => kind !== "join" || atMs > EARLY_MS);
    const sales = made.map(({ time, ...others }, index) => {
      const near = "action" in time ? turns[time.action % turns.length] : undefined;
      const soldAtMs = "action" in time ? (near?.atMs ?? 0) + time.offsetMs : time.atMs;
      return { ...others, soldAtMs, id: `kofi:t${index}` };
    });
    return {
      rates: races.map(({ rateBps }) => rateBps),
      actions,
      sales,
      refunds: refundsOf(sales, refunded),
    };
  });

/** A refund has one amount, however often it is reported. */
function refundsOf(sales: RaceScript["sales"], refunded: readonly [number, number, number][]) {
  const refunds = new Map<string, RaceScript["refunds"][number]>();
  for (const [which, number, amount] of refunded) {
    const made = sales[which % Math.max(1, sales.length)];
    if (!made) continue;
    const id = `refund-${number}`;
    refunds.set(`${made.id} ${id}`, { sale: made.id, id, amount, currency: made.currency });
  }
  return [...refunds.values()];
}

/** Who raced in a lobby at a time, by name; undefined outside its window. */
type Racing = (lobby: number, ms: number) => string[] | undefined;

/**
 * The expected final balance of every account, by the rules in their simplest form: cents are dealt out one by
 * one. Contains only balances that are not zero. `racing` says who raced when.
 */
export function expectedOf(script: RaceScript, racing: Racing): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (account: string, currency: string, amount: number) => {
    const key = `${account} ${currency}`;
    sums[key] = (sums[key] ?? 0) + amount;
  };
  for (const made of script.sales) {
    const refunded = script.refunds
      .filter((refund) => refund.sale === made.id)
      .reduce((sum, { amount }) => sum + amount, 0);
    const taken = Math.min(made.base, refunded);
    const kept = made.base - taken;
    add("sales:kofi", made.currency, -made.base);
    add("clawbacks:kofi", made.currency, taken);
    const open = script.rates.flatMap((rate, lobby) => {
      const racers = racing(lobby, made.soldAtMs);
      return racers ? [{ rate, racers, lobby }] : [];
    });
    // A lobby whose window is not open counts as if none was named.
    const named = open.filter(({ lobby }) => lobby === made.lobby);
    const windows =
      named.length > 0
        ? named.filter(({ racers }) => racers.length > 0)
        : open.filter(({ racers }) => racers.length > 1);
    const { platform, shares } = dealOut(made.id, kept, windows);
    for (const [racer, amount] of shares) add(`racer:${racer}`, made.currency, amount);
    add("platform", made.currency, platform);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/**
 * What a sale gives to the platform and the racers. Each window has at least one racer; racers are in the order
 * of their names.
 */
export function dealOut(
  saleId: string,
  kept: number,
  windows: readonly { readonly rate: number; readonly racers: readonly string[] }[],
): { platform: number; shares: [racer: string, amount: number][] } {
  let platform = kept;
  const shares: [string, number][] = [];
  for (const { rate, racers: racing } of windows) {
    const pool = Number((BigInt(kept) * BigInt(rate)) / (10_000n * BigInt(windows.length)));
    platform -= pool;
    const each = Math.floor(pool / racing.length);
    const odd = pool - each * racing.length;
    const first = turnOf(saleId) % racing.length;
    for (const racer of racing) shares.push([racer, each]);
    for (let cent = 0; cent < odd; cent += 1) {
      shares.push([racing[(first + cent) % racing.length] ?? "", 1]);
    }
  }
  return { platform, shares };
}

/** Spreads odd cents as `functions/races/domain/sale.ts` does; any other fair order would do. */
function turnOf(saleId: string): number {
  let hash = 0x811c9dc5;
  for (const character of saleId) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
