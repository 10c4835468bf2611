import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let builder: { id: string; login: string };

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
beforeEach(async () => {
  builder = await people.builder();
});

const DAY_MINUTES = 24 * 60;
/** How long the Checkout Session of a winner who had to wait is open; Stripe allows at most a day. */
const PAGE_MINUTES = 23 * 60;

/** Stripe no longer accepts money for the builder. */
async function restrict(): Promise<void> {
  cloud.stripe.restrict(await people.accountOf(builder.id));
  await cloud.settle();
}

async function fix(): Promise<void> {
  cloud.stripe.completeOnboarding(await people.accountOf(builder.id));
  await cloud.settle();
}

/** Runs the sweeper, which runs every 15 minutes. */
async function sweep(): Promise<void> {
  await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
}

/** An auction whose builder's account stopped taking money while people bid. */
async function wonUnpayably() {
  const amounts = ["50", "60"];
  const who = amounts.map(() => people.person());
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder.id, channelId, { duration: "30s" });
  for (const [index, amount] of amounts.entries()) {
    await room.bid(who[index] ?? "", channelId, amount);
  }
  await restrict();
  await room.pass(45);
  return { channelId, id, winner: who.at(-1) ?? "" };
}

const received = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));
const strikes = async (user: string) =>
  (await cloud.firestore.collection(`users/${user}/unpaid_wins`).get()).size;

describe("a winner whose builder cannot be paid at the hammer", () => {
  test("is notified at once that the win is valid, and has a day to pay once there is a Checkout link", async () => {
    const { channelId, id, winner } = await wonUnpayably();
    expect(received(winner, "and it stays yours")).toHaveLength(1);
    expect(received(builder.id, "Run `/c500 payouts` to see what is missing")).toHaveLength(1);
    const post = cloud.discord
      .messages(channelId)
      .findLast(({ content }) => content.includes("gets"));
    const early = await room.press(winner, channelId, post?.id ?? "", `auction-claim:${id}`);
    expect(early.text).toContain("It is yours");
    await sweep();
    expect(people.messagesTo(winner)).toHaveLength(1);
    await fix();
    await sweep();
    expect(received(winner, "Thank you for bidding")).toHaveLength(1);
    await people.pass(22 * 60);
    const page = await room.press(winner, channelId, post?.id ?? "", `auction-claim:${id}`);
    cloud.stripe.pay(people.sessionOf(page));
    await cloud.settle();
    expect(await people.order(`auction-${id}-0`)).toMatchObject({ fulfillment_status: "paid" });
  });

  test("and who misses that day does not count as a non-payer", async () => {
    const { id, winner } = await wonUnpayably();
    await fix();
    await sweep();
    await people.pass(PAGE_MINUTES + 2);
    expect((await room.stored(id))?.["claim"]).toMatchObject({ round: 1, state: "offered" });
    expect(await strikes(winner)).toBe(0);
  });

  test("is notified after seven days that the sale is off, and so is the builder", async () => {
    const { channelId, id, winner } = await wonUnpayably();
    await people.pass(7 * DAY_MINUTES - 30);
    await sweep();
    expect(await room.stored(id)).toMatchObject({ is_settling: true, claim: { state: "ordered" } });
    await people.pass(60);
    await sweep();
    expect(await room.stored(id)).toMatchObject({ is_settling: false, claim: { state: "over" } });
    expect(received(winner, "the sale is off. That isn't your doing")).toHaveLength(1);
    const dm = cloud.discord.dms(builder.id).at(-1);
    expect(dm?.content).toContain("is off, and the winner has been notified");
    // As if the process had crashed before the notification: both are notified, once.
    await cloud.firestore.doc(`auctions/${id}`).update({ is_settling: true });
    await sweep();
    expect(received(builder.id, "Nobody has paid")).toEqual([]);
    expect(await strikes(winner)).toBe(0);
    await fix();
    const rerun = await room.control(builder.id, channelId, "rerun", { auction: id });
    expect(rerun.text).toContain("is up in");
  });
});

describe("a builder who stops being payable while the winner's Checkout Session is open", () => {
  test("leaves the winner their Checkout Session, and an unpaid win then counts against nobody", async () => {
    const { id, who } = await room.hammered(builder.id, ["50", "60"]);
    const [, winner = ""] = who;
    await restrict();
    await sweep();
    expect(people.messagesTo(winner)).toHaveLength(1);
    await people.pass(33);
    await sweep();
    expect((await room.stored(id))?.["claim"]).toMatchObject({ round: 1, state: "offered" });
    expect(await strikes(winner)).toBe(0);
  });
});
