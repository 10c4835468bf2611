import { actors } from "./actors/actors.ts";
import { auctionRoom } from "./actors/auction-room.ts";
import { addAudience, type Stage } from "./cast.ts";
import { recordsIn } from "./fields.ts";

const SECOND_MS = 1_000;
/** One bid in this many is too low. */
const LOW_EVERY = 6;
/** How far a bid is above the price, in cents. */
const STEPS = [100, 200, 500];

/** How many bid, and for how long. */
export interface StormPlan {
  readonly bidsPerSecond: number;
  readonly bidders: number;
  readonly seconds: number;
}

/** What happened in one second. Times are in milliseconds. */
export interface StormSample {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  /** How long the oldest accepted bid that the board does not show has existed. */
  readonly boardAgeMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** People who bid in the auction that is on, as fast as planned; each bid is a signed interaction. */
export class BidStorm {
  readonly plan: StormPlan;
  readonly samples: StormSample[] = [];
  /** Why it is over; undefined while it goes on. */
  ended: string | undefined;
  readonly #stage: Stage;
  readonly #auctionId: string;
  readonly #room: ReturnType<typeof auctionRoom>;
  readonly #audience: readonly string[];
  readonly #acceptedAtMs: number[] = [];
  #price: number;
  #sent = 0;
  #shownBefore = 0;
  #now = emptySecond();

  private constructor(stage: Stage, auction: LiveAuction, plan: StormPlan) {
    const silent = { does: () => undefined, printEvents: () => stage.cloud.settle() };
    this.plan = plan;
    this.#stage = stage;
    this.#auctionId = auction.id;
    this.#price = auction.price;
    const act = actors(stage, silent);
    this.#room = auctionRoom(stage, silent, act, auction.id, auction.channelId);
    this.#audience = addAudience(stage, plan.bidders);
  }

  /** Starts in the newest auction that is on. Throws when there is none. */
  static async start(stage: Stage, plan: StormPlan): Promise<BidStorm> {
    const auction = await liveAuction(stage);
    if (!auction) {
      throw new Error('No auction is on. Start the scene "An auction in its last minute" first.');
    }
    const storm = new BidStorm(stage, auction, plan);
    storm.#shownBefore = storm.#room.shownBids();
    storm.#runSecond();
    return storm;
  }

  /** Ends it; bids under way are still answered. */
  stop(why = "It was stopped."): void {
    this.ended ??= why;
  }

  #runSecond(): void {
    const { clock } = this.#stage.cloud;
    const { bidsPerSecond } = this.plan;
    for (let index = 0; index < bidsPerSecond; index += 1) {
      clock.after((index * SECOND_MS) / bidsPerSecond, () => void this.#bid());
    }
    clock.after(SECOND_MS, () => void this.#endSecond());
  }

  async #endSecond(): Promise<void> {
    this.#sample();
    if (this.samples.length >= this.plan.seconds) this.stop("Its time is over.");
    const auction = await this.#stage.firestore.doc(`auctions/${this.#auctionId}`).get();
    if (auction.get("state") !== "live") this.stop("The hammer has fallen.");
    if (this.ended === undefined) this.#runSecond();
  }

  async #bid(): Promise<void> {
    if (this.ended !== undefined) return;
    const number = this.#sent++;
    const user = this.#audience[number % this.#audience.length];
    const step = STEPS[number % STEPS.length] ?? 0;
    const isLow = number % LOW_EVERY === LOW_EVERY - 1;
    const amount = (this.#price + (isLow ? -step : step)) / 100;
    if (!isLow) this.#price += step;
    if (user === undefined) return;
    this.#now.sent += 1;
    const sentAtMs = performance.now();
    const text = await this.#room.bid(user, amount).catch(() => "");
    this.#now.answersMs.push(performance.now() - sentAtMs);
    if (text.startsWith("You lead")) {
      this.#now.accepted += 1;
      this.#acceptedAtMs.push(this.#stage.cloud.clock.nowMs());
    } else this.#now.refused += 1;
  }

  #sample(): void {
    const { sent, accepted, refused, answersMs } = this.#now;
    const sorted = answersMs.sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    const nowMs = this.#stage.cloud.clock.nowMs();
    const shown = Math.max(0, this.#room.shownBids() - this.#shownBefore);
    const boardAgeMs = nowMs - (this.#acceptedAtMs[shown] ?? nowMs);
    const times = { boardAgeMs, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
    this.samples.push({ sent, accepted, refused, ...times });
    this.#now = emptySecond();
  }
}

function emptySecond() {
  return { sent: 0, accepted: 0, refused: 0, answersMs: [] as number[] };
}

interface LiveAuction {
  readonly id: string;
  readonly channelId: string;
  /** In cents. */
  readonly price: number;
}

/** The newest auction that is on; undefined if there is none. */
export async function liveAuction({ firestore }: Stage): Promise<LiveAuction | undefined> {
  const { docs } = await firestore.collection("auctions").where("state", "==", "live").get();
  const newest = docs.sort((one, other) => one.id.localeCompare(other.id)).at(-1);
  return (
    newest && {
      id: newest.id,
      channelId: String(recordsIn(newest.get("boards"))[0]?.["channel_id"]),
      price: Number(newest.get("standing.price") ?? newest.get("start_price")),
    }
  );
}
