import { describe, expect, test } from "@jest/globals";
import { type FaultRule, seededRandom } from "../../local/kit/faults.ts";
import { bidders } from "../support/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop.ts";
import { withoutForgotten } from "./copies.ts";

/** Each is another evening; more can be tried by hand. */
const SEEDS = [1, 2, 3];
const BIDDERS = 8;
const ROUNDS = 14;
const SECONDS_A_RUN = 120;
/** No library tries again after it, so that the handler ends there as if its process had died. */
const PERMISSION_DENIED = 7;

/** What goes wrong from the first bid to after the hammer. */
const troubles: readonly FaultRule[] = [
  ...(["pubsub", "tasks"] as const).flatMap((target): FaultRule[] => {
    const delivery = { target, operation: /^(deliver|dispatch)/ } as const;
    return [
      { ...delivery, fault: { kind: "duplicate", copies: 3 }, probability: 0.2 },
      { ...delivery, fault: { kind: "drop" }, probability: 0.1 },
      { ...delivery, fault: { kind: "lose-answer" }, probability: 0.15 },
      { ...delivery, fault: { kind: "delay", ms: 8000 }, probability: 0.1 },
    ];
  }),
  ...(["drop", "lose-answer"] as const).map((kind): FaultRule => {
    return { target: "upstash", operation: /./, fault: { kind }, probability: 0.08 };
  }),
  { target: "upstash", operation: /./, fault: { kind: "fail", code: 500 }, probability: 0.05 },
  // Redis has decided, and nobody heard it.
  { target: "upstash", operation: /EVAL/, fault: { kind: "lose-answer" }, probability: 0.3 },
  {
    target: "firestore",
    operation: /^Commit/,
    fault: { kind: "fail", code: PERMISSION_DENIED },
    probability: 0.08,
  },
  {
    target: "firestore",
    operation: /^Commit/,
    fault: { kind: "lose-answer" },
    probability: 0.05,
    times: 2,
  },
  {
    target: "discord",
    operation: /messages/,
    fault: { kind: "fail", code: 500 },
    probability: 0.1,
    times: 4,
  },
  {
    target: "discord",
    operation: /^POST/,
    fault: { kind: "lose-answer" },
    probability: 0.1,
    times: 2,
  },
  { target: "tasks", operation: /^CreateTask/, fault: { kind: "drop" }, probability: 0.1 },
];

/** What a bidder was told at once, when it was a decision. */
interface Told {
  readonly bidder: string;
  readonly amount: number;
  readonly isAccepted: boolean;
  /** No answer came back in time: it may count or not. */
  readonly isUncertain: boolean;
}

describe("an auction with everything that can go wrong", () => {
  test.each(SEEDS)(
    "loses no bid, has one result, and asks only the winner to pay (seed %i)",
    async (seed) => {
      const cloud = await startTestCloud({ seed, rateLimits: false });
      try {
        const people = shoppers(cloud);
        const room = bidders(cloud, people);
        const { id: builder } = await people.builder({ isLive: true });
        const channelId = room.channel(community.guildId);
        const id = await room.start(builder, channelId, { duration: "30s", price: "10" });
        const crowd = Array.from({ length: BIDDERS }, () => people.person());
        const random = seededRandom(seed);
        for (const rule of troubles) if (random() < 0.8) cloud.faults.add(rule);

        const told: Told[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          const moment = crowd.filter(() => random() < 0.5);
          const wishes = moment.map((bidder) => ({
            bidder,
            amount: 10 + round * 4 + Math.floor(random() * 8),
          }));
          const answers = await Promise.all(
            wishes.map(async ({ bidder, amount }) => {
              const { text } = await room.bid(bidder, channelId, String(amount));
              return {
                ...{ bidder, amount: amount * 100 },
                isAccepted: /You lead at|ceiling was higher/.test(text),
                isUncertain: text === "" || text.includes("couldn't hear back"),
              };
            }),
          );
          told.push(...answers);
          await cloud.clock.advance(1200 + Math.floor(random() * 2000));
        }
        await room.pass(60);
        cloud.faults.clear();
        for (let sweeps = 0; sweeps < 3; sweeps += 1) await people.pass(8);
        await room.pass(3);
        await check(cloud, { id, channelId, crowd, told });
      } finally {
        await cloud.stop();
      }
    },
    SECONDS_A_RUN * 1000,
  );
});

async function check(
  cloud: TestCloud,
  auction: {
    readonly id: string;
    readonly channelId: string;
    readonly crowd: readonly string[];
    readonly told: readonly Told[];
  },
): Promise<void> {
  const { id, channelId, crowd, told } = auction;
  const record = (
    await cloud.firestore.collection(`auctions/${id}/bids`).orderBy("sequence").get()
  ).docs.map((bid) => ({
    sequence: Number(bid.get("sequence")),
    bidder: String(bid.get("bidder_id")),
    amount: Number(bid.get("amount")),
    price: Number(bid.get("price")),
  }));

  // Every bid that was told to count is in the record, once, and nothing else but what nobody heard of.
  expect(record.map(({ sequence }) => sequence)).toEqual(record.map((_, index) => index + 1));
  const isSame = (one: { bidder: string; amount: number }) => (other: typeof one) =>
    one.bidder === other.bidder && one.amount === other.amount;
  for (const bid of told.filter(({ isAccepted }) => isAccepted)) {
    expect(record.filter(isSame(bid))).toHaveLength(1);
  }
  for (const bid of record) {
    const cause = told.find((one) => isSame(one)(bid) && (one.isAccepted || one.isUncertain));
    expect({ bid, isKnown: cause !== undefined }).toEqual({ bid, isKnown: true });
  }
  for (const [index, { price }] of record.entries()) {
    expect(price).toBeGreaterThan(record[index - 1]?.price ?? 0);
  }

  const winner = record.at(-1);
  const stored = (await cloud.firestore.doc(`auctions/${id}`).get()).data();
  expect(stored?.["state"]).toBe("sold");
  expect(stored?.["standing"]).toMatchObject({ leader_id: winner?.bidder, price: winner?.price });
  const board = cloud.discord.messages(channelId).find(({ embeds }) => embeds.length > 0);
  expect(JSON.stringify(board?.embeds)).toMatch(/SOLD|Offered/);

  // Only the winner has an order and was asked to pay; whoever was not asked heard nothing.
  const first = await cloud.firestore.doc(`orders/auction-${id}-0`).get();
  expect(first.data()).toMatchObject({ buyer_id: winner?.bidder, amount: winner?.price });
  const orders = await cloud.firestore.collection("orders").where("auction_id", "==", id).get();
  expect(orders.size).toBe(1);
  for (const bidder of crowd) {
    const asked = cloud.discord
      .dms(bidder)
      .filter(({ content }) => content.includes("is yours for"));
    expect({ bidder, asked: withoutForgotten(asked).length }).toEqual({
      bidder,
      asked: bidder === winner?.bidder ? 1 : 0,
    });
  }
}
