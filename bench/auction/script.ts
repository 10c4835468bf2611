import { Redis } from "@upstash/redis";
import { MAX_AMOUNT } from "../../functions/auctions/domain/auction.ts";
import source from "../../functions/auctions/engine/bids/bid.lua";
import { auctionKeys, barKey } from "../../functions/auctions/engine/keys.ts";
import { withShared } from "../../functions/auctions/engine/script.ts";
import type { LocalClock } from "../../local/kit/clock.ts";
import { startEmbeddedEngine } from "../../local/upstash/embedded/index.ts";
import type { Command, Engine } from "../../local/upstash/engine.ts";
import { startRedisServerEngine } from "../../local/upstash/redis-server/index.ts";
import { hasRedisServer } from "../../local/upstash/redis-server/process.ts";
import { isError, type Reply } from "../../local/upstash/reply.ts";
import { inRounds, median, type Print, ratioOf } from "../ratio.ts";
import { auctionsIn, START_PRICE } from "./bids.ts";
import type { AuctionServices } from "./services.ts";

/** Numbers of earlier bids. */
const SIZES = { "redis-server": [100, 250, 10_000, 100_000], embedded: [100, 1_000, 10_000] };
/** From this size on one auction serves all rounds: the bids that they add make no difference. */
const LARGE = 10_000;
const SMALL = 100;
const ROUNDS = 15;
/** Calls per measurement: few, so that a small auction stays small. */
const SAMPLE = 50;
const BATCH = 500;
const EMPTY_SCRIPT = "return 0";
const ROUND_TRIPS = 300;

/**
 * Compares the script with an empty one with the same keys and arguments: the latency of a call,
 * the cost of a call among many sent together, and redis-server's own statistics if available. Also
 * measures whether earlier bids slow it down, and a bid's latency through the REST protocol.
 * Returns the microseconds of a bid among many, after the largest number of earlier bids.
 */
export async function benchScript(print: Print, services: AuctionServices): Promise<number> {
  const { clock } = services;
  const isReal = await hasRedisServer();
  const engine = isReal
    ? await startRedisServerEngine(clock, { checksKeys: false })
    : await startEmbeddedEngine(clock);
  const place = isReal
    ? "a redis-server"
    : "the embedded engine, because no redis-server is installed";
  print(`The script on ${place}, against an empty EVALSHA with the same keys and arguments,`);
  print(
    `  without HTTP, ${ROUNDS} rounds of ${SAMPLE} alternating calls; µs per call: bid, empty, ratio:`,
  );
  print(
    "   earlier bids    one after the other            sent together         INFO commandstats",
  );
  try {
    const bench = await ScriptBench.prepare(engine, clock);
    // The first calls warm up the client and Redis.
    await rowAt(bench, SMALL);
    const rows: Awaited<ReturnType<typeof rowAt>>[] = [];
    for (const size of SIZES[engine.kind]) {
      const measured = await rowAt(bench, size);
      print(measured.row);
      rows.push(measured);
    }
    const growth = (rows.at(-1)?.toEmpty ?? 0) / (rows[0]?.toEmpty ?? 0);
    print(
      `  a bid after the most bids takes ${growth.toFixed(2)} times one after the fewest, relative to the empty script (aim: about 1;`,
    );
    print("  of a ratio to an empty script: at most 2.5)");
    await benchRoundTrip(print, services);
    return rows.at(-1)?.micros ?? Number.NaN;
  } finally {
    await engine.stop();
  }
}

async function rowAt(bench: ScriptBench, size: number) {
  const inside = { bid: [] as number[], empty: [] as number[] };
  let auctionId = "";
  const values = await inRounds(ROUNDS, {
    bid: async (round) => {
      if (size < LARGE || round === 0) {
        auctionId = await bench.auctionAfter(size);
      }
      return bench.oneByOne(bench.bids(auctionId, SAMPLE));
    },
    empty: () => bench.oneByOne(bench.emptyCalls(auctionId, SAMPLE)),
    bids: () => bench.together(bench.bids(auctionId, SAMPLE), inside.bid),
    empties: () => bench.together(bench.emptyCalls(auctionId, SAMPLE), inside.empty),
  });
  const three = (ours: readonly number[], theirs: readonly number[]) =>
    [median(ours), median(theirs), ratioOf(ours, theirs)]
      .map((value) => value.toFixed(1).padStart(8))
      .join("");
  const hasInside = inside.bid.length > 0;
  const byRedis = hasInside ? three(inside.bid.slice(1), inside.empty.slice(1)) : "no such count";
  const columns = [three(values.bid, values.empty), three(values.bids, values.empties), byRedis];
  const row = `${String(size).padStart(15)}${columns.map((column) => column.padStart(26)).join("")}`;
  return { row, toEmpty: ratioOf(values.bids, values.empties), micros: median(values.bids) };
}

/** Both scripts in an engine, with auctions to run them on. */
class ScriptBench {
  readonly #engine: Engine;
  readonly #clock: LocalClock;
  readonly #digests: { readonly bid: string; readonly empty: string };
  #people = 0;

  private constructor(engine: Engine, clock: LocalClock, bid: string, empty: string) {
    this.#engine = engine;
    this.#clock = clock;
    this.#digests = { bid, empty };
  }

  static async prepare(engine: Engine, clock: LocalClock): Promise<ScriptBench> {
    const load = (script: string) => engine.run([["SCRIPT", "LOAD", script]]);
    const [bid, empty] = [await load(withShared(source)), await load(EMPTY_SCRIPT)];
    return new ScriptBench(engine, clock, String(bid[0]), String(empty[0]));
  }

  /** Opens an auction with this many earlier bids. */
  async auctionAfter(bids: number): Promise<string> {
    const auctionId = `script-${this.#people}`;
    const client = new Redis({
      request: async <T>({ body }: { body?: unknown }) => {
        const command = Array.isArray(body) ? body.map(String) : [];
        const [result] = checked(await this.#engine.run([command]));
        return { result: result as T };
      },
    });
    await auctionsIn(async () => client).open(auctionId, this.#clock.now());
    for (let done = 0; done < bids; done += BATCH) {
      checked(await this.#engine.run(this.bids(auctionId, Math.min(BATCH, bids - done))));
    }
    return auctionId;
  }

  bids(auctionId: string, count: number): Command[] {
    return Array.from({ length: count }, () => this.#call(this.#digests.bid, auctionId));
  }

  emptyCalls(auctionId: string, count: number): Command[] {
    return Array.from({ length: count }, () => this.#call(this.#digests.empty, auctionId));
  }

  /** The latency of one call in microseconds. */
  async oneByOne(commands: readonly Command[]): Promise<number> {
    const startedMs = performance.now();
    for (const command of commands) checked(await this.#engine.run([command]));
    return ((performance.now() - startedMs) * 1000) / commands.length;
  }

  /** The microseconds of one call among many; also records Redis's own statistics. */
  async together(commands: readonly Command[], byRedis: number[]): Promise<number> {
    const isReal = this.#engine.kind === "redis-server";
    if (isReal) await this.#engine.run([["CONFIG", "RESETSTAT"]]);
    const startedMs = performance.now();
    const replies = await this.#engine.run(commands);
    const elapsedMs = performance.now() - startedMs;
    checked(replies);
    if (isReal) {
      const [stats] = await this.#engine.run([["INFO", "commandstats"]]);
      byRedis.push(Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/.exec(String(stats))?.[1]));
    }
    return (elapsedMs * 1000) / commands.length;
  }

  #call(digest: string, auctionId: string): Command {
    this.#people += 1;
    const { auction, bids } = auctionKeys(auctionId);
    const id = `13${String(this.#people).padStart(17, "0")}`;
    const bidder = `8${String(this.#people).padStart(17, "0")}`;
    const amount = String(START_PRICE + this.#people);
    const keys = [auction, bids, barKey(bidder)];
    const bid = [id, bidder, amount, "0", "0", String(MAX_AMOUNT)];
    return ["EVALSHA", digest, String(keys.length), ...keys, ...bid];
  }
}

function checked(replies: readonly Reply[]): readonly Reply[] {
  const error = replies.find(isError);
  if (error) throw new Error(JSON.stringify(error));
  const refused = replies.find((reply) => String(reply).startsWith("too-low"));
  if (refused) throw new Error("A bid of the script's bench was refused.");
  return replies;
}

async function benchRoundTrip(print: Print, { auctions, clock, redisEngine }: AuctionServices) {
  const client = await auctions.redis();
  const empty = client.createScript(EMPTY_SCRIPT);
  const auctionId = "round-trip";
  await auctions.open(auctionId, clock.now());
  const { auction, bids } = auctionKeys(auctionId);
  const keys = [auction, bids, barKey("1")];
  let people = 0;
  const each = async (call: (id: string, amount: number) => Promise<unknown>) => {
    const startedMs = performance.now();
    for (let done = 0; done < ROUND_TRIPS; done += 1) {
      people += 1;
      await call(`14${String(people).padStart(17, "0")}`, START_PRICE + people);
    }
    return ((performance.now() - startedMs) * 1000) / ROUND_TRIPS;
  };
  const values = await inRounds(5, {
    bid: () =>
      each((id, amount) =>
        auctions.engine.bid({
          id,
          auctionId,
          bidderId: id,
          amount,
          max: undefined,
          isConfirmed: false,
        }),
      ),
    empty: () =>
      each((id, amount) =>
        empty.exec(keys, [id, id, String(amount), "0", "0", clock.nowMs().toFixed(0)]),
      ),
  });
  const ratio = ratioOf(values.bid, values.empty).toFixed(2);
  print(
    `  through REST and ${redisEngine}, one after the other: ${median(values.bid).toFixed(0)} µs, ` +
      `${median(values.empty).toFixed(0)} µs, ratio ${ratio} (aim: at most 2.5)`,
  );
}
