import { beforeEach, describe, expect, test } from "@jest/globals";
import { manifest } from "../../../../functions/manifest.ts";
import { bidders } from "../../../support/auctions/auctions.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { community, type TestCloud, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let builder: string;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
beforeEach(async () => {
  builder = (await people.builder()).id;
});

/** The sweeper's deadline in the manifest. */
const SWEEP_MS = manifest.sweeper.trigger.everyMinutes * 60_000;
/** How long a call hangs: the product still waits for its response, and nothing else becomes due meanwhile. */
const HANGS_MS = 12_000;
const HANG = { fault: { kind: "delay", ms: HANGS_MS }, times: 1 } as const;
const newPages = { target: "stripe", operation: /^POST \/v1\/checkout\/sessions$/ } as const;

const claimOf = async (id: string) =>
  (await room.stored(id))?.["claim"] as Record<string, unknown> | undefined;
const strikes = async (user: string) =>
  (await cloud.firestore.collection(`users/${user}/unpaid_wins`).get()).size;
const received = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));

/** Polls until the condition holds while a call hangs; waiting for all work would end the hang. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (await check()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The condition did not become true.");
}

/** An auction a few seconds before its hammer, with these bids, each by a different person. */
async function nearlyOver(amounts: readonly string[]) {
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, { duration: "30s" });
  const who = amounts.map(() => people.person());
  for (const [index, amount] of amounts.entries()) {
    await room.bid(who[index] ?? "", channelId, amount);
  }
  await room.pass(24);
  return { channelId, id, who, winner: who.at(-1) ?? "" };
}

/** The buttons in a channel or in someone's DMs. */
const pressable = (messages: ReturnType<TestCloud["discord"]["messages"]>) =>
  messages.filter(
    ({ embeds, components }) => embeds.length === 0 && JSON.stringify(components).length > 2,
  );

describe("a result that is voided while Stripe creates the winner's Checkout Session", () => {
  test("leaves no Checkout Session, no link and no button", async () => {
    const { channelId, id, winner } = await nearlyOver(["50"]);
    cloud.faults.add({ ...newPages, ...HANG });
    const orderId = `auction-${id}-0`;
    await cloud.clock.advance(10_000);
    await until(async () => (await people.order(orderId))["fulfillment_status"] === "reserved");
    const endpoint = cloud.url("discord-interactions");
    const name = "c500 auction void";
    const use = { user: builder, channelId, name, options: { auction: id } };
    await cloud.discord.client.command(endpoint, use);
    await until(async () => (await people.order(orderId))["fulfillment_status"] === "cancelled");
    await cloud.clock.advance(HANGS_MS);
    await cloud.settle();
    const { data } = await stripeClient(cloud).checkout.sessions.list();
    const pages = data.filter(({ metadata }) => metadata?.["order_id"] === orderId);
    expect(pages.map(({ status }) => status)).toEqual(["expired"]);
    expect(received(winner, "Thank you for bidding")).toEqual([]);
    expect(pressable(cloud.discord.messages(channelId))).toEqual([]);
    expect(pressable([...cloud.discord.dms(winner)])).toEqual([]);
  });
});

describe("a result that is voided while a settlement stands still", () => {
  test("does not count against the winner, who had no more time to pay", async () => {
    const { channelId, id, winner } = await nearlyOver(["50"]);
    await room.pass(20);
    const orderId = `auction-${id}-0`;
    const reads = { target: "firestore", operation: /^BatchGetDocuments/ } as const;
    // The settlement has read the auction, and stands still before it reads the order.
    cloud.faults.add({ ...reads, fault: { kind: "delay", ms: 0 }, times: 1 });
    cloud.faults.add({ ...reads, ...HANG });
    const settlement = cloud.fetch(cloud.url("auction-settlement"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "by-hand", auctionId: id }),
    });
    await until(() => cloud.faults.rules().length === 0);
    await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: builder,
      channelId,
      name: "c500 auction void",
      options: { auction: id },
    });
    await until(async () => (await people.order(orderId))["fulfillment_status"] === "cancelled");
    await cloud.clock.advance(HANGS_MS);
    expect((await settlement).status).toBe(204);
    await cloud.settle();
    expect(await strikes(winner)).toBe(0);
    expect(await room.stored(id)).toMatchObject({ state: "void", is_settling: false });
  });
});

describe("a result that is voided before the winner is asked to pay", () => {
  test("is still reported to the winner, because the board had named them", async () => {
    // Otherwise the sweeper might settle it meanwhile.
    await cloud.clock.advance(SWEEP_MS + 1000 - (cloud.clock.nowMs() % SWEEP_MS));
    await cloud.settle();
    const operation = /^dispatch auction-settlement/;
    cloud.faults.add({ target: "tasks", operation, fault: { kind: "drop" } });
    const { channelId, id, winner } = await nearlyOver(["50"]);
    await room.pass(15);
    expect(room.board(channelId).text).toContain(`<@${winner}>`);
    await room.control(builder, channelId, "void", { auction: id });
    expect(people.messagesTo(winner)).toEqual([expect.stringContaining("you owe nothing")]);
  });

  test("is reported to nobody if the reserve was not met", async () => {
    const { channelId, id, who } = await room.hammered(builder, ["50"], { reserve: "100" });
    await room.control(builder, channelId, "void", { auction: id });
    expect(people.messagesTo(who[0] ?? "")).toEqual([]);
  });
});

describe("a winner who pays from the DM while the post in the channel waits", () => {
  test("leaves no button there", async () => {
    const { channelId, id, winner } = await nearlyOver(["50"]);
    const posts = new RegExp(`^POST .*channels/${channelId}/messages`);
    cloud.faults.add({ target: "discord", operation: posts, ...HANG });
    await cloud.clock.advance(10_000);
    await until(() => people.messagesTo(winner).length > 0);
    cloud.stripe.pay(String((await people.order(`auction-${id}-0`))["checkout_session_id"]));
    await until(async () => (await claimOf(id))?.["state"] === "paid");
    await until(async () => (await room.stored(id))?.["is_settling"] === false);
    await cloud.clock.advance(HANGS_MS);
    await cloud.settle();
    expect(pressable(cloud.discord.messages(channelId))).toEqual([]);
    const last = cloud.discord.messages(channelId).at(-1);
    expect(last?.content).toContain("has paid for it");
  });
});

describe("a Stripe that creates no Checkout Session", () => {
  const isDown = { ...newPages, fault: { kind: "fail", code: 503 } } as const;

  test("for longer than the time to pay does not cost the winner the item: they are notified, and have a day once it does", async () => {
    cloud.faults.add(isDown);
    const { id, who, winner } = await nearlyOver(["50", "60"]);
    await people.pass(2);
    await people.pass(33);
    expect(received(winner, "Stripe couldn't make your Checkout link yet")).toHaveLength(1);
    await people.pass(60);
    cloud.faults.clear();
    await cloud.eventually(() => received(winner, "Thank you for bidding").length > 0);
    expect(await claimOf(id)).toMatchObject({ round: 0, bidder_id: winner, state: "ordered" });
    expect(received(winner, "Thank you for bidding")).toHaveLength(1);
    expect(people.messagesTo(winner)).toHaveLength(2);
    expect(people.messagesTo(who[0] ?? "")).toEqual([]);
    expect(await strikes(winner)).toBe(0);
    await people.pass(22 * 60);
    cloud.stripe.pay(String((await people.order(`auction-${id}-0`))["checkout_session_id"]));
    await cloud.settle();
    expect(await claimOf(id)).toMatchObject({ round: 0, state: "paid" });
  });

  test("and then creates one that is not paid: the item goes to the runner-up after its day", async () => {
    cloud.faults.add(isDown);
    const { id, who, winner } = await nearlyOver(["50", "60"]);
    await people.pass(2);
    await people.pass(33);
    cloud.faults.clear();
    await cloud.eventually(() => received(winner, "Thank you for bidding").length > 0);
    await people.pass(23 * 60);
    await people.pass(2);
    expect(await claimOf(id)).toMatchObject({ round: 1, bidder_id: who[0], state: "offered" });
    expect(await strikes(winner)).toBe(0);
  });

  test("until the builder's account stops receiving money keeps the win valid for seven days", async () => {
    cloud.faults.add(isDown);
    const { id, who, winner } = await nearlyOver(["50", "60"]);
    await room.pass(15);
    const account = await people.accountOf(builder);
    cloud.stripe.restrict(account);
    await cloud.settle();
    cloud.faults.clear();
    await people.pass(2 * 60);
    expect(received(winner, "and it stays yours")).toHaveLength(1);
    expect(people.messagesTo(who[0] ?? "")).toEqual([]);
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    await cloud.eventually(() => received(winner, "Thank you for bidding").length > 0);
    await people.pass(22 * 60);
    cloud.stripe.pay(String((await people.order(`auction-${id}-0`))["checkout_session_id"]));
    await cloud.settle();
    expect(await claimOf(id)).toMatchObject({ round: 0, state: "paid" });
  });

  test("until the builder's account is given up is reported with that reason, and no one else is asked", async () => {
    cloud.faults.add(isDown);
    const { id, who, winner } = await nearlyOver(["50", "60"]);
    await room.pass(15);
    cloud.stripe.restrict(await people.accountOf(builder));
    await cloud.settle();
    cloud.faults.clear();
    await people.pass(60);
    await people.pass(7 * 24 * 60);
    await cloud.eventually(async () => (await claimOf(id))?.["state"] === "over");
    expect(await claimOf(id)).toMatchObject({ round: 0 });
    expect(await people.order(`auction-${id}-0`)).toMatchObject({ fulfillment_status: "expired" });
    // As if the process had crashed before the notification: it is sent when run again.
    await cloud.firestore.doc(`auctions/${id}`).update({ is_settling: true });
    await cloud.eventually(async () => (await room.stored(id))?.["is_settling"] === false);
    expect(received(winner, "could not take payments all week")).toHaveLength(1);
    expect(people.messagesTo(who[0] ?? "")).toEqual([]);
    expect(received(builder, "Nobody has paid")).toEqual([]);
  });
});

describe("a sale that is given up at the time when a Checkout Session is created", () => {
  test("sends no message while the Checkout Session is open, and belongs to the winner once it is paid", async () => {
    const { id, who } = await room.hammered(builder, ["50", "60"]);
    const [, winner = ""] = who;
    // As two runs leave it, of which one created the Checkout Session and one gave up.
    const claim = { ...(await claimOf(id)), state: "over", page_until: cloud.clock.now() };
    await cloud.firestore.doc(`auctions/${id}`).update({ claim });
    await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    await cloud.settle();
    expect(people.messagesTo(winner)).toEqual([expect.stringContaining("Thank you for bidding")]);
    cloud.stripe.pay(String((await people.order(`auction-${id}-0`))["checkout_session_id"]));
    await cloud.settle();
    expect(await room.stored(id)).toMatchObject({ is_settling: false, claim: { state: "paid" } });
    expect(received(builder, "Nobody has paid")).toEqual([]);
    expect(received(builder, "given up")).toEqual([]);
  });

  test("is not run again while the Checkout Session is open", async () => {
    const { channelId, id, who } = await room.hammered(builder, ["50", "60"]);
    const claim = { ...(await claimOf(id)), state: "over", page_until: cloud.clock.now() };
    await cloud.firestore.doc(`auctions/${id}`).update({ claim });
    const refused = await room.control(builder, channelId, "rerun", { auction: id });
    expect(refused.text).toContain("That auction is sold");
    cloud.stripe.pay(String((await people.order(`auction-${id}-0`))["checkout_session_id"]));
    await cloud.settle();
    expect(await claimOf(id)).toMatchObject({ bidder_id: who[1], state: "paid" });
  });
});

describe("a Checkout Session that Stripe refuses when the winner presses Claim", () => {
  test("is reported to the builder at once, as the winner's answer says", async () => {
    const { channelId, id, winner } = await nearlyOver(["50"]);
    const account = await people.accountOf(builder);
    cloud.stripe.restrict(account);
    await cloud.settle();
    await room.pass(15);
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    cloud.faults.add({ ...newPages, fault: { kind: "fail", code: 400 } });
    const post = cloud.discord.messages(channelId).at(-1)?.id ?? "";
    const answer = await room.press(winner, channelId, post, `auction-claim:${id}`);
    expect(answer.text).toContain("Stripe refuses the payment");
    expect(received(builder, "Stripe refuses the payment")).toHaveLength(1);
    expect(received(winner, "You won")).toHaveLength(1);
  });
});
