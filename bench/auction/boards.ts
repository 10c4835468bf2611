import {
  incrementsFor,
  MAX_EXTENSION_MS,
  typoFloorOf,
} from "../../functions/auctions/domain/auction.ts";
import { createAuctionEngine } from "../../functions/auctions/engine/engine.ts";
import { createAuctions } from "../../functions/auctions/store/auctions.ts";
import { type Cloud, startCloud } from "../../local/cloud/cloud.ts";
import { community } from "../../local/cloud/community.ts";
import type { SeenMessage } from "../../local/discord/inspection.ts";
import { type Fault, FaultPlan, type FaultTarget, seededRandom } from "../../local/kit/faults.ts";
import { Network } from "../../local/kit/http/network.ts";
import { connectRedis } from "../../shared/clients/redis.ts";
import type { Firestore } from "../../shared/ports/database.ts";
import type { Print } from "../ratio.ts";

/** Accepted bids per second. */
const RATES = [1, 5, 20, 50, 200];
const WAR_MS = 15_000;
const LOOKED_EVERY_MS = 50;
const AIM_MS = 2_000;
/** The duration of calls: medians that others measured from a function in the same region. */
const LATENCIES_MS: Partial<Record<FaultTarget, number>> = {
  firestore: 12,
  tasks: 25,
  upstash: 6,
  discord: 120,
};
const AUCTION = "1500000000000000001";
const CHANNEL = "600000000000000001";
const BUILDER = "610000000000000001";
const START_PRICE = 10_000;
const HOUR_MS = 3_600_000;

/** Delays every call except reads. */
class Latencies extends FaultPlan {
  isOn = false;

  override next(target: FaultTarget): Fault | undefined {
    const ms = LATENCIES_MS[target];
    return this.isOn && ms !== undefined ? { kind: "delay", ms } : undefined;
  }
}

/**
 * Measures how old a board is while people bid, and how long an accepted bid exists only in Redis,
 * which a failover could lose. Runs on virtual time with the calls' durations in the cloud;
 * processor time is not included.
 */
export async function benchBoards(print: Print): Promise<void> {
  print(
    `Boards in a bidding war of ${WAR_MS / 1000} s on virtual time (aims: at most ${AIM_MS} ms):`,
  );
  print("     bids/s   accepted   board's age: p50       max   Redis could lose: at most      or");
  for (const rate of RATES) {
    const { accepted, ages, unrecorded, losable } = await playWar(rate);
    const ms = (value = Number.NaN) => `${value.toFixed(0)} ms`;
    const isMissed = Math.max(...ages, ...unrecorded) > AIM_MS;
    print(
      [
        String(rate).padStart(11),
        String(accepted).padStart(11),
        ms(ages.toSorted((one, other) => one - other)[Math.floor(ages.length / 2)]).padStart(19),
        ms(Math.max(...ages)).padStart(10),
        ms(Math.max(...unrecorded)).padStart(27),
        `${Math.max(...losable)} bids`.padStart(8 + 2),
        isMissed ? "   MISSED" : "",
      ].join(""),
    );
  }
}

async function playWar(rate: number) {
  const faults = new Latencies();
  // A redis-server is a separate process, which takes real time.
  const redisEngine = "embedded";
  const network = new Network();
  const cloud = await startCloud({ network, redisEngine, isListening: false, faults });
  const { discord, clock, functions, databaseOf, settings } = cloud;
  const database = databaseOf?.(settings["GOOGLE_CLOUD_PROJECT"] ?? "", seededRandom(1));
  if (!discord || !database) throw new Error("An emulator is missing.");
  discord.addChannel({ id: CHANNEL, guildId: community.guildId, name: "stage" });
  cloud.scheduler.pause();
  // This takes no virtual time: hashing a script takes real time.
  await openAuction(cloud, database);
  const endpoint = `${functions.url}/discord-interactions`;
  const acceptedAtMs: number[] = [];
  const ages: number[] = [];
  const unrecorded: number[] = [];
  const losable: number[] = [];
  const waitedFor = (count: number) =>
    clock.nowMs() - Math.min(acceptedAtMs[count] ?? clock.nowMs(), clock.nowMs());
  const bid = async (index: number) => {
    const user = `62000000000000${String(index).padStart(4, "0")}`;
    discord.addUser({ id: user, username: `bidder_${index}` });
    const options = { amount: ((START_PRICE + index) / 100).toFixed(2) };
    const use = { user, channelId: CHANNEL, name: "bid", options };
    const { id } = await discord.client.command(endpoint, use);
    const answer = JSON.stringify(discord.interaction(id)?.response ?? {});
    if (answer.includes("You lead at")) acceptedAtMs.push(clock.nowMs());
  };
  clock.stopDriving();
  faults.isOn = true;
  const underWay: Promise<void>[] = [];
  for (let passedMs = 0; passedMs < WAR_MS; passedMs += LOOKED_EVERY_MS) {
    const due = Math.floor(((passedMs + LOOKED_EVERY_MS) / 1000) * rate);
    while (underWay.length < due) underWay.push(bid(underWay.length));
    await clock.advance(LOOKED_EVERY_MS);
    faults.isOn = false;
    const recorded = await database.doc(`auctions/${AUCTION}`).get();
    faults.isOn = true;
    ages.push(waitedFor(bidsOn(discord.messages(CHANNEL)[0])));
    const sequence = Number(recorded.get("standing.sequence") ?? 0);
    unrecorded.push(waitedFor(sequence));
    losable.push(Math.max(0, acceptedAtMs.length - sequence));
  }
  await clock.advance(5_000);
  await Promise.all(underWay);
  await cloud.stop();
  return { accepted: acceptedAtMs.length, ages, unrecorded, losable };
}

/** Opens an auction of one hour, whose bids rise by a cent, without the builder's commands. */
async function openAuction({ clock, settings, fetch }: Cloud, database: Firestore): Promise<void> {
  const auctions = createAuctions(async () => database);
  const terms = {
    builderId: BUILDER,
    title: "Brass C500",
    currency: "usd",
    plan: "split" as const,
    shipping: undefined,
    startPrice: START_PRICE,
    reserve: 0,
    increment: 1,
    durationMs: HOUR_MS,
    counterBidMs: 0,
  } as const;
  const createdAt = clock.now();
  const opens = "now" as const;
  const place = { id: AUCTION, channelId: CHANNEL, opens, createdAt, imageUrl: undefined };
  await auctions.create({ terms, ...place });
  const auction = await auctions.open(AUCTION, createdAt, MAX_EXTENSION_MS);
  if (!auction?.endsAt || !auction.latestEnd) throw new Error("The auction did not open.");
  const { UPSTASH_REDIS_REST_URL = "", UPSTASH_REDIS_REST_TOKEN = "" } = settings;
  const engine = createAuctionEngine(
    connectRedis({ UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN }, fetch),
  );
  await engine.open({
    auctionId: AUCTION,
    sellerId: BUILDER,
    currency: "usd",
    channelIds: [CHANNEL],
    commitments: [],
    repeatable: [],
    startPrice: START_PRICE,
    reserve: 0,
    counterBidMs: 0,
    typoFloor: typoFloorOf(auction),
    endsAt: auction.endsAt,
    latestEnd: auction.latestEnd,
    increments: incrementsFor(auction),
    recorded: undefined,
    standing: undefined,
  });
}

/** The number of bids on a board. */
function bidsOn(message: SeenMessage | undefined): number {
  const [embed] = (message?.embeds ?? []) as { fields?: { name: string; value: string }[] }[];
  return Number.parseInt(embed?.fields?.find(({ name }) => name === "Bids")?.value ?? "0", 10);
}
