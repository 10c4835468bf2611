import { describe, expect, test } from "@jest/globals";
import { community } from "../../../support/cloud.ts";
import { toAnswer } from "../../../support/shop/shop.ts";
import { builder, cloud, people, room, stored, useAuctionHouse } from "../auction-house.ts";

useAuctionHouse({ isRegistered: true });

const claimOf = async (id: string) => (await stored(id))?.["claim"];

const hammered = (
  amounts: readonly string[],
  fields?: Parameters<typeof room.start>[2],
  who?: readonly string[],
) => room.hammered(builder, amounts, fields, who);

const messageIn = (channelId: string, words: string) => {
  const found = cloud.discord
    .messages(channelId)
    .findLast(({ content }) => content.includes(words));
  if (!found) throw new Error(`Nothing says ${words} in ${channelId}.`);
  return found.id;
};

/** Discord accepts no edits of messages in channels. */
const noEdits = {
  target: "discord",
  operation: /^PATCH .*channels/,
  fault: { kind: "fail", code: 502 },
} as const;

/** Presses a button that the message may not show any more, as someone can whose Discord has not updated it. */
const pressOld = async (user: string, channelId: string, message: string, customId: string) => {
  const endpoint = cloud.url("discord-interactions");
  const data = { custom_id: customId, component_type: 2 };
  const { id } = await cloud.discord.client.raw(endpoint, {
    user,
    channelId,
    message,
    type: 3,
    data,
  });
  await cloud.settle();
  return toAnswer(cloud.discord, id);
};

/** The posts that offered a claim, after it has expired. */
const closed = (channelId: string) =>
  cloud.discord
    .messages(channelId)
    .filter(({ embeds, components }) => embeds.length === 0 && components.length === 0)
    .filter(({ content }) => content !== "")
    .map(({ content }) => content);

/** Passes the Checkout Session's end, and everything that is due until then. */
const pageEnds = async () => {
  await people.pass(33);
  await room.pass(3);
};

describe("a winner who does not pay", () => {
  test("is followed by the runner-up at their own bid, who accepts and pays", async () => {
    const { channelId, id, who } = await hammered(["50", "60", "70"]);
    const [, second = "", first = ""] = who;
    expect(await claimOf(id)).toMatchObject({ bidder_id: first, amount: 7000, state: "ordered" });
    await pageEnds();
    expect(await claimOf(id)).toMatchObject({ bidder_id: second, amount: 6000, state: "offered" });
    expect(room.board(channelId).text).toContain("Offered to the next bidder");
    // No message asks them to pay any more.
    expect(people.messagesTo(first)).toEqual([
      expect.stringContaining("Your time to take **Brass C500** is over"),
      expect.stringContaining("Your time to pay for **Brass C500** is over"),
    ]);
    expect(people.messagesTo(second).join()).toContain("your own bid of **$60.00**");

    const post = messageIn(channelId, "second chance");
    const wrong = await room.press(first, channelId, post, `auction-accept:${id}-1`);
    expect(wrong.text).toContain("The time to pay for it is over");
    const accepted = await room.press(second, channelId, post, `auction-accept:${id}-1`);
    expect(accepted.text).toContain("is yours for **$60.00**");
    expect(accepted.buttons[0]?.url).toBe((await people.order(`auction-${id}-1`))["checkout_url"]);
    cloud.stripe.pay(people.sessionOf(accepted));
    await cloud.settle();
    expect(await people.order(`auction-${id}-1`)).toMatchObject({
      buyer_id: second,
      amount: 6000,
      fulfillment_status: "paid",
    });
    expect(await claimOf(id)).toMatchObject({ state: "paid", round: 1 });
    await room.pass(3);
    expect(people.messagesTo(second)).toContainEqual(
      expect.stringContaining("You took the second chance"),
    );
    expect(people.messagesTo(second).join()).not.toContain(`<@${second}>`);
    const { text } = room.board(channelId);
    expect(text).toContain(`for $60.00 to <@${second}>`);
    expect(text).not.toMatch(/\$63\.00|Leading|Bids/);
    expect(closed(channelId)).toEqual([
      expect.stringContaining(`<@${first}> did not take`),
      expect.stringContaining(`<@${second}> took the second chance`),
      expect.stringContaining(`<@${second}> has **Brass C500**, and has paid`),
    ]);
  });

  test("after bids by accounts that never paid is followed by one of them, then by someone who has paid before", async () => {
    const socks = Array.from({ length: 5 }, () => people.person());
    const ann = people.person();
    const seller = (await people.builder({ isLive: true })).id;
    await people.purchase(await people.drop(seller, { price: "5", quantity: "1" }), ann);
    const amounts = ["50", "60", "70", "80", "90", "100"];
    const { id } = await room.hammered(seller, amounts, {}, [ann, ...socks]);
    const expected = [socks[3], ann, socks[2]].map((bidder) => ({ bidder_id: bidder }));
    expect(await stored(id)).toMatchObject({ runners_up: expected });
    await pageEnds();
    await people.pass(11);
    await room.pass(3);
    expect(await claimOf(id)).toMatchObject({ round: 2, bidder_id: ann, amount: 5000 });
  });

  test("and whose press of Claim was answered by DM is no longer asked there when their time is over", async () => {
    const seller = (await people.builder({ isLive: true })).id;
    const { channelId, id, who } = await room.hammered(seller, ["50"]);
    const [winner = ""] = who;
    const lost = { kind: "lose-answer" } as const;
    const press = { target: "discord", operation: /^deliver press auction-claim/ } as const;
    cloud.faults.add({ ...press, fault: lost, times: 1 });
    await room.press(
      winner,
      channelId,
      messageIn(channelId, `<@${winner}>`),
      `auction-claim:${id}`,
    );
    const asking = () =>
      cloud.discord.dms(winner).filter(({ components }) => components.length > 0);
    expect(asking()).toEqual([
      expect.objectContaining({ content: expect.stringContaining("is yours for **$50.00**") }),
    ]);
    await pageEnds();
    expect(asking()).toEqual([]);
  });

  test("is followed by three runners-up in turn, ten minutes each, and then the builder is notified", async () => {
    const { channelId, id, who } = await hammered(["50", "60", "70", "80", "90"]);
    await pageEnds();
    for (const [round, bidder] of [who[3], who[2], who[1]].entries()) {
      expect(await claimOf(id)).toMatchObject({ round: round + 1, bidder_id: bidder });
      const { offer_until: until } = (await claimOf(id)) as { offer_until: { toMillis(): number } };
      const leftMinutes = (until.toMillis() - cloud.clock.nowMs()) / 60_000;
      expect(leftMinutes).toBeLessThanOrEqual(10);
      await people.pass(leftMinutes - 1);
      expect(await claimOf(id)).toMatchObject({ round: round + 1, state: "offered" });
      await people.pass(2);
    }
    expect(await claimOf(id)).toMatchObject({ state: "over" });
    expect(people.messagesTo(who[0] ?? "")).toEqual([]);
    expect(
      people.messagesTo(builder).filter((text) => text.includes("Nobody has paid for")),
    ).toHaveLength(1);
    await room.pass(3);
    expect(room.board(channelId).text).toContain("nobody paid");
    expect(await stored(id)).toMatchObject({ is_settling: false });
  });

  test("but pays late through a bank, after the item went to the next bidder, is refunded in full", async () => {
    const { id, who } = await hammered(["50", "60"]);
    const [, winner = ""] = who;
    const order = await people.order(`auction-${id}-0`);
    await cloud.firestore.doc(`orders/auction-${id}-0`).update({ fulfillment_status: "expired" });
    cloud.stripe.pay(String(order["checkout_session_id"]));
    await cloud.settle();
    expect(await people.order(`auction-${id}-0`)).toMatchObject({ refunded: 6000 });
    const apologies = people.messagesTo(winner).filter((text) => text.includes("sorry"));
    expect(apologies).toEqual([expect.stringContaining("came after that sale was over")]);
    expect(apologies.join()).not.toContain("unit");
  });
});

describe("a winner whose bank refuses days later", () => {
  test("is notified at first that it stays theirs, and then that the sale is off", async () => {
    const { channelId, id, who } = await hammered(["50"]);
    const sessionId = String((await people.order(`auction-${id}-0`))["checkout_session_id"]);
    cloud.stripe.pay(sessionId, "bank-debit");
    await cloud.settle();
    const post = messageIn(channelId, `<@${who[0]}>`);
    const meanwhile = await room.press(who[0] ?? "", channelId, post, `auction-claim:${id}`);
    expect(meanwhile.text).toContain("Your bank is processing the payment");
    cloud.stripe.settleBankDebit(sessionId, "failed");
    await cloud.settle();
    const sent = people.messagesTo(who[0] ?? "");
    expect(sent.at(-1)).toContain("so the sale is off");
    expect(sent.join()).not.toMatch(/shelf|unit|Buy Now/);
  });
});

describe("a voided result", () => {
  test("while the winner's bank processes the payment refunds it in the end", async () => {
    const { channelId, id, who } = await hammered(["50"]);
    const sessionId = String((await people.order(`auction-${id}-0`))["checkout_session_id"]);
    cloud.stripe.pay(sessionId, "bank-debit");
    await cloud.settle();
    const post = messageIn(channelId, `<@${who[0]}>`);
    cloud.faults.add(noEdits);
    await room.control(builder, channelId, "void", { auction: id });
    const late = await room.press(who[0] ?? "", channelId, post, `auction-claim:${id}`);
    expect(late.text).toContain("The result was taken back");
    cloud.faults.clear();
    cloud.stripe.settleBankDebit(sessionId, "succeeded");
    await cloud.settle();
    expect(await people.order(`auction-${id}-0`)).toMatchObject({ refunded: 5000 });
    expect(people.messagesTo(who[0] ?? "").join()).not.toContain("is yours. 💛");
    await people.pass(1);
    expect(closed(channelId)).toEqual([expect.stringContaining("was taken back")]);
    expect(await stored(id)).toMatchObject({ state: "void", is_settling: false });
  });

  test.each([
    ["won", 5000],
    ["lost", 5000],
  ] as const)(
    "while a bank disputes the payment gives everything back once it has decided (%s)",
    async (decision, refunded) => {
      const { channelId, id } = await hammered(["50"]);
      const orderId = `auction-${id}-0`;
      cloud.stripe.pay(String((await people.order(orderId))["checkout_session_id"]));
      await cloud.settle();
      const charge = String((await people.order(orderId))["charge_id"]);
      const { id: dispute } = cloud.stripe.openDispute(charge);
      await cloud.settle();
      const answer = await room.control(builder, channelId, "void", { auction: id });
      expect(answer.text).toContain("bank");
      await people.pass(40);
      expect(await people.order(orderId)).toMatchObject({ refunded: 0 });
      cloud.stripe.closeDispute(dispute, decision);
      await cloud.settle();
      const words = ["is yours", "still goes back to the buyer"];
      const messages = people.messagesTo(builder).filter((text) => text.includes(orderId));
      const promises = words.map((each) => messages.filter((text) => text.includes(each)).length);
      expect(promises).toEqual([0, decision === "won" ? 1 : 0]);
      await people.pass(40);
      expect(await people.order(orderId)).toMatchObject({ refunded });
      expect(await stored(id)).toMatchObject({ state: "void", is_settling: false });
    },
  );
});

describe("the second chance", () => {
  test("is offered to nobody below the reserve, and the channel sees no ceiling", async () => {
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { duration: "30s", reserve: "100" });
    await room.bid(ann, channelId, "50");
    await room.bid(bob, channelId, "60", "140");
    await room.bid(cy, channelId, "150");
    await room.pass(45);
    await pageEnds();
    expect(await claimOf(id)).toMatchObject({ bidder_id: bob, amount: 14_000, state: "offered" });
    const posts = cloud.discord.messages(channelId).map((message) => JSON.stringify(message));
    expect(posts.filter((text) => text.includes("$140.00"))).toEqual([]);
    const post = messageIn(channelId, "second chance");
    cloud.faults.add(noEdits);
    await people.pass(12);
    expect(await claimOf(id)).toMatchObject({ state: "over" });
    expect(people.messagesTo(ann)).toEqual([]);
    const late = await room.press(bob, channelId, post, `auction-accept:${id}-1`);
    expect(late.text).toMatch(/time to pay for it is over/);
    cloud.faults.clear();
    await people.pass(2);
    expect(closed(channelId)).toHaveLength(2);
    expect(cloud.discord.dms(bob)).toEqual([
      expect.objectContaining({
        components: [],
        content: "💤 Your time to take **Brass C500** is over.",
      }),
    ]);
  });
});

describe("buttons that should have disappeared", () => {
  test("answer with what is so by then: it is over, the one link again, it is paid", async () => {
    const { channelId, id, who } = await hammered(["50", "60"]);
    const [second = "", first = ""] = who;
    const claims = messageIn(channelId, `<@${first}>`);
    await pageEnds();
    const offer = messageIn(channelId, "second chance");
    const claim = (user: string) => pressOld(user, channelId, claims, `auction-claim:${id}`);
    const accept = (user: string) => pressOld(user, channelId, offer, `auction-accept:${id}-1`);
    expect((await claim(first)).text).toContain("The time to pay for it is over");
    const [once, twice] = [await accept(second), await accept(second)];
    expect(people.sessionOf(twice)).toBe(people.sessionOf(once));
    cloud.stripe.pay(people.sessionOf(once));
    await cloud.settle();
    for (const late of [await accept(second), await claim(second)]) {
      expect(late.text).toContain("You've already paid for it");
    }
    expect((await accept(first)).text).toContain("The time to pay for it is over");
    expect((await accept(people.person())).text).toContain("Only the winner can use that");
    const rerun = await room.control(builder, channelId, "rerun", { auction: id });
    expect(rerun.text).toContain("That auction is sold");
    expect(await claimOf(id)).toMatchObject({ round: 1, bidder_id: second, state: "paid" });
    const orders = await cloud.firestore.collection("orders").where("auction_id", "==", id).get();
    expect(orders.docs.map((order) => order.get("fulfillment_status"))).toEqual([
      "expired",
      "paid",
    ]);
  });
});

describe("a sale that Stripe refuses", () => {
  test("counts against nobody, and both sides are notified", async () => {
    const ann = people.person();
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/checkout\/sessions/,
      fault: { kind: "fail", code: 400 },
    });
    const { id } = await hammered(["50"], { title: "Refused" }, [ann]);
    cloud.faults.clear();
    await people.pass(16);
    expect(await claimOf(id)).toMatchObject({ state: "over" });
    expect(people.messagesTo(ann)).toEqual([expect.stringContaining("you owe nothing")]);
    expect(people.messagesTo(builder).join()).toContain("Stripe refuses the payment");
    // As if the process had crashed before the notification: the sweeper sends the same one, not that nobody paid.
    await cloud.firestore.doc(`auctions/${id}`).update({ is_settling: true });
    await cloud.eventually(async () => (await stored(id))?.["is_settling"] === false);
    const words = "Nobody has paid for **Refused**";
    expect(people.messagesTo(builder).filter((text) => text.includes(words))).toEqual([]);
    const strikes = await cloud.firestore.collection(`users/${ann}/unpaid_wins`).get();
    expect(strikes.size).toBe(0);
  });
});

describe("a winner with closed DMs", () => {
  test("finds a button in the channel that only they can use", async () => {
    const ann = people.person({ dmsClosed: true });
    const { channelId, id } = await hammered(["50"], {}, [ann]);
    const post = messageIn(channelId, `<@${ann}>`);
    const other = await room.press(people.person(), channelId, post, `auction-claim:${id}`);
    expect(other.text).toContain("Only the winner can use that");
    const page = await room.press(ann, channelId, post, `auction-claim:${id}`);
    const again = await room.press(ann, channelId, post, `auction-claim:${id}`);
    expect(people.sessionOf(again)).toBe(people.sessionOf(page));
  });

  test("finds it in another channel that shows the auction if the first is gone", async () => {
    const ann = people.person({ dmsClosed: true });
    const [first, second] = [room.channel(community.guildId), room.channel(community.guildId)];
    const id = await room.start(builder, first, { duration: "30s" });
    await room.control(builder, second, "show", { auction: id });
    await room.bid(ann, second, "50");
    await room.pass(3);
    cloud.discord.deleteChannel(first);
    await room.pass(45);
    const post = messageIn(second, `<@${ann}>`);
    const page = await room.press(ann, second, post, `auction-claim:${id}`);
    cloud.stripe.pay(people.sessionOf(page));
    await cloud.settle();
    expect(await claimOf(id)).toMatchObject({ bidder_id: ann, state: "paid" });
  });

  test("finds no link behind it once the time to pay is over, even before the next bidder's turn", async () => {
    const ann = people.person({ dmsClosed: true });
    const { channelId, id } = await hammered(["50"], {}, [ann]);
    const post = messageIn(channelId, `<@${ann}>`);
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: { kind: "drop" } });
    const { checkout_expires_at: end } = await people.order(`auction-${id}-0`);
    await cloud.clock.advance((end as { toMillis(): number }).toMillis() - cloud.clock.nowMs());
    const late = await room.press(ann, channelId, post, `auction-claim:${id}`);
    expect(await claimOf(id)).toMatchObject({ round: 0, state: "ordered" });
    expect(late.text).toContain("The time to pay for it is over");
    expect(late.buttons).toEqual([]);
    cloud.faults.clear();
    await people.pass(1);
    expect(await claimOf(id)).toMatchObject({ state: "over" });
  });
});

describe("an auction that sells nothing", () => {
  test("is unsold if there were no bids, and one command runs it again on the same terms", async () => {
    const { channelId, id } = await hammered([], { price: "77" });
    expect(await stored(id)).toMatchObject({ state: "unsold", is_settling: false });
    expect(room.board(channelId).text).toContain("nobody bid");
    const dm = cloud.discord.dms(builder).findLast(({ content }) => content.includes("nobody bid"));
    if (!dm) throw new Error("The builder was not notified.");
    expect(dm.content).toContain("`/c500 auction rerun`");
    const rerun = await room.control(builder, channelId, "rerun", { auction: id });
    expect(rerun.text).toContain("is up in");
    expect((await room.bid(people.person(), channelId, "76")).text).toContain("**$77.00** or more");
  });

  test("is unsold below its reserve, which only the builder sees", async () => {
    const { channelId, id } = await hammered(["50"], { reserve: "100" });
    expect(await stored(id)).toMatchObject({ state: "unsold" });
    expect(room.board(channelId).text).toContain("reserve was not met");
    expect(room.board(channelId).text).not.toContain("$100.00");
    expect(people.messagesTo(builder).join()).toContain("your reserve of $100.00");
  });

  test("sells at the reserve if only a ceiling reaches it", async () => {
    const ann = people.person();
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { duration: "30s", reserve: "100" });
    await room.bid(ann, channelId, "50", "120");
    await room.pass(45);
    expect(await claimOf(id)).toMatchObject({ bidder_id: ann, amount: 10_000 });
  });
});
