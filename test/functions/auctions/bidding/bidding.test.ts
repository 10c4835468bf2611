import { describe, expect, test } from "@jest/globals";
import { MAX_AMOUNT } from "../../../../functions/auctions/domain/auction.ts";
import { redisOf } from "../../../support/clients/redis.ts";
import { community } from "../../../support/cloud.ts";
import { toAnswer } from "../../../support/shop/shop.ts";
import {
  auction,
  builder,
  cloud,
  people,
  room,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

const CROWD = 40;

useAuctionHouse();

describe("a bid is answered at once, visible only to the bidder", () => {
  test("with the next valid amount and a button for it when it is too low", async () => {
    const { channelId, id } = await auction({ price: "49.50" });
    const [ann, bob] = [people.person(), people.person()];
    const low = await room.bid(ann, channelId, "$49.49");
    expect(low.text).toContain("$49.49 is too low: the next bid is **$49.50** or more");
    expect(low.buttons.map(({ label }) => label)).toEqual(["Bid $49.50"]);
    const { interactionId } = low;
    const message = cloud.discord.interaction(interactionId)?.original?.id ?? "";
    const pressed = await room.press(ann, channelId, message, `bid:${id}:4950`);
    expect(pressed.text).toContain("You lead at **$49.50**");
    expect((await room.bid(bob, channelId, "50")).text).toContain("**$51.50** or more");
    expect(cloud.discord.interaction(interactionId)?.original?.onlyFor).toBe(ann);
  });

  test.each([
    ["fifty", "can't read that amount"],
    ["-5", "can't read that amount"],
    ["0", "can't read that amount"],
    ["1e3", "can't read that amount"],
    ["12.345", "can't read that amount"],
    ["99999999999", "more than I can take"],
  ])("an amount of %j changes nothing and is explained", async (amount, words) => {
    const { channelId, id } = await auction();
    expect((await room.bid(people.person(), channelId, amount)).text).toContain(words);
    await room.pass(2);
    expect(await stored(id)).not.toHaveProperty("standing");
  });

  test("counts in the auction's currency, even if the shop sells in another one by now", async () => {
    const { channelId, id } = await auction();
    await cloud.firestore.doc(`auctions/${id}`).update({ currency: "jpy" });
    await (await redisOf(cloud)()).hset(`auction:${id}`, { currency: "jpy" });
    const ann = people.person();
    const bob = people.person();
    expect((await room.bid(ann, channelId, "5,000")).text).toContain("You lead at **¥5,000**");
    expect((await room.bid(bob, channelId, "$60")).text).toContain("like 55 or ¥5,550.");
    expect((await room.bid(bob, channelId, "60.00")).text).toContain("can't read that amount");
    const low = await room.bid(bob, channelId, "5,001");
    expect(low.text).toMatch(/¥5,001 is too low: the next bid is \*\*¥[\d,]+\*\*/);
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, price: 5000 } });
  });

  test("counts in the auction's currency after Redis has lost it", async () => {
    const { channelId, id } = await auction();
    await cloud.firestore.doc(`auctions/${id}`).update({ currency: "jpy" });
    await cloud.upstash?.loseData();
    await room.bid(people.person(), channelId, "5,000");
    await room.pass(2);
    const { text } = await room.bid(people.person(), channelId, "6,000");
    expect(text).toContain("You lead at **¥6,000**");
  });

  test("counts in the currency of the next auction in the channel, whatever the last one's was", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    await cloud.firestore.doc(`auctions/${id}`).update({ currency: "jpy" });
    await (await redisOf(cloud)()).hset(`auction:${id}`, { currency: "jpy" });
    expect((await room.bid(people.person(), channelId, "5,000")).text).toContain("¥5,000");
    await room.pass(45);
    await room.start(builder, channelId);
    const { text } = await room.bid(people.person(), channelId, "55.50");
    expect(text).toContain("You lead at **$55.50**");
  });

  test("waits for an auction that Redis has lost, whatever the shop's currency is by now", async () => {
    const { channelId, id } = await auction();
    await cloud.firestore.doc(`auctions/${id}`).update({ currency: "gbp" });
    await cloud.upstash?.loseData();
    const { text } = await room.bid(people.person(), channelId, "£60");
    expect(text).toContain("Bidding pauses for a moment");
    await room.pass(2);
    expect((await room.bid(people.person(), channelId, "£60")).text).toContain("You lead at");
  });

  test("is not sent while Redis does not say in which currency it counts", async () => {
    const { channelId } = await auction();
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "upstash", operation: /^HGET/i, fault });
    expect((await room.bid(people.person(), channelId, "60")).text).toContain("you haven't bid");
    cloud.faults.clear();
    const { text } = await room.bid(people.person(), channelId, "60");
    expect(text).toContain("You lead at **$60.00**");
  });

  test("in the builder's own auction is refused", async () => {
    const { channelId } = await auction();
    expect((await room.bid(builder, channelId, "60")).text).toContain("This auction is yours");
  });

  test("of the leader says that they lead, and more than one a second is refused", async () => {
    const { channelId } = await auction({ price: "50" });
    const [ann, bob] = [people.person(), people.person()];
    await cloud.clock.holdDuring(async () => {
      await room.bid(ann, channelId, "50");
      expect((await room.bid(ann, channelId, "60")).text).toContain("One bid per second");
    });
    await room.pass(1);
    expect((await room.bid(ann, channelId, "60")).text).toContain("You lead already");
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
  });

  test("of three times the next amount needs a confirmation, and counts after it", async () => {
    const { channelId, id } = await auction({ price: "50" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(bob, channelId, "120");
    const asked = await room.bid(ann, channelId, "500");
    expect(asked.text).toContain("Did you mean it?");
    expect(asked.buttons.map(({ label }) => label)).toEqual(["Yes, bid $500.00", "Bid $125.00"]);
    const message = cloud.discord.interaction(asked.interactionId)?.original?.id ?? "";
    const sure = await room.press(ann, channelId, message, `bid-sure:${id}:50000:0`);
    expect(sure.text).toContain("You lead at **$500.00**");
  });

  test("with a ceiling of twenty times that, perhaps a typo, needs a confirmation too", async () => {
    const { channelId } = await auction({ price: "50" });
    await room.bid(people.person(), channelId, "95");
    const asked = await room.bid(people.person(), channelId, "100", "5000");
    expect(asked.text).toContain("Did you mean it?");
    expect(asked.buttons[0]?.label).toBe("Yes, bid $100.00, up to $5,000.00");
  });

  test("that is the first needs no confirmation, however high, in an auction that starts at $1", async () => {
    const { channelId } = await auction({ price: "1" });
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    expect((await room.bid(ann, channelId, "1")).text).toContain("You lead at **$1.00**");
    expect((await room.bid(bob, channelId, "50")).text).toContain("You lead at **$50.00**");
    expect((await room.bid(cy, channelId, "299")).text).toContain("You lead at **$299.00**");
    const far = await auction({ price: "1" });
    expect((await room.bid(ann, far.channelId, "5000")).text).toContain(
      "You lead at **$5,000.00**",
    );
    const secret = await auction({ price: "1" });
    const ceiling = await room.bid(ann, secret.channelId, "1", "5000");
    expect(ceiling.text).toContain("You lead at **$1.00**");
  });

  test.each([
    "bid:ID:Infinity",
    "bid:ID:-1",
    "bid:ID:0",
    "bid:ID:1.5",
    "bid:ID:1e9",
    "bid:ID:0x10",
    "bid:ID:",
    "bid:ID",
    `bid:ID:${MAX_AMOUNT + 1}`,
    "bid-sure:ID:Infinity:0",
    "bid-sure:ID:5000:Infinity",
    "bid-sure:ID:5000:-1",
  ])("on a button of %s is ignored, because the button is not ours", async (button) => {
    const { channelId, id } = await auction({ price: "50" });
    const ann = people.person();
    const [board] = cloud.discord.messages(channelId);
    const pressed = await cloud.discord.client.raw(cloud.url("discord-interactions"), {
      user: ann,
      channelId,
      message: board?.id ?? "",
      type: 3,
      data: { custom_id: button.replace("ID", id), component_type: 2 },
    });
    expect(toAnswer(cloud.discord, pressed.id).text).toContain("nothing was bid");
    expect((await room.bid(ann, channelId, "50")).text).toContain("You lead at **$50.00**");
    expect((await room.control(builder, channelId, "cancel", { auction: id })).text).toContain(
      "cancelled",
    );
  });

  test("in a channel without an auction says so; someone who is not a builder learns how to become one", async () => {
    const channelId = room.channel(community.guildId);
    const ann = people.person();
    expect((await room.bid(ann, channelId, "50")).text).toContain("no auction in this channel");
    const answer = await room.control(ann, channelId, "start", {
      title: "x",
      price: "1",
      duration: "5m",
    });
    expect(answer.text).toContain("/c500 register");
  });

  test("after the end is too late, and the next auction in the channel accepts bids at once", async () => {
    const { channelId } = await auction({ duration: "30s" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await cloud.clock.advance(31_000);
    await cloud.settle();
    expect((await room.bid(bob, channelId, "60")).text).toMatch(/Too late|no auction/);
    await room.pass(3);
    await room.start(builder, channelId, { price: "20" });
    expect((await room.bid(bob, channelId, "20")).text).toContain("You lead at **$20.00**");
  });

  test("goes to the channel's next auction although Redis has lost a part of the one before", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(60);
    await room.start(builder, channelId, { price: "20" });
    await (await redisOf(cloud)()).del(`auction-bids:${id}`);
    expect((await room.bid(bob, channelId, "20")).text).toContain("You lead at **$20.00**");
  });
});

describe("a secret ceiling", () => {
  test("bids as little as needed for its owner, and the earliest of equals leads", async () => {
    const { channelId, id } = await auction({ price: "50" });
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    expect((await room.bid(ann, channelId, "50", "100")).text).toContain("up to $100.00");
    await room.pass(2);
    expect(room.board(channelId).text).toContain("$50.00");
    expect(room.board(channelId).text).not.toContain("$100.00");
    const beaten = await room.bid(bob, channelId, "60");
    expect(beaten.text).toContain("stands at **$63.00** now");
    expect((await room.bid(cy, channelId, "66", "100")).text).toContain("stands at **$100.00**");
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { price: 10_000, leader_id: ann } });
  });

  test("can be raised without a change of price, but not set below the owner's bid", async () => {
    const { channelId } = await auction({ price: "50" });
    const ann = people.person();
    await room.bid(ann, channelId, "50", "60");
    await room.pass(1);
    const raised = await room.bid(ann, channelId, "50", "80");
    expect(raised.text).toContain(
      "Your secret ceiling is $80.00 now. The price stays at **$50.00**",
    );
    const below = await room.bid(people.person(), channelId, "60", "55");
    expect(below.text).toContain("ceiling is below your bid");
  });
});

describe("the cost of a bid", () => {
  test("is one Redis command, without a Firestore, Pub/Sub or Tasks call once the board is scheduled", async () => {
    const { channelId } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    // The board's own commands do not count for a bid.
    const held = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch auction-board/, fault: held });
    await room.bid(ann, channelId, "50");
    const broken = { kind: "fail", code: 7 } as const;
    for (const target of ["firestore", "pubsub", "tasks"] as const) {
      cloud.faults.add({ target, operation: /./, fault: broken });
    }
    const one = { kind: "delay", ms: 0 } as const;
    const upstash = { target: "upstash", operation: /./ } as const;
    cloud.faults.add({ ...upstash, fault: one, times: 2 });
    cloud.faults.add({ ...upstash, fault: { kind: "fail", code: 500 } });
    expect((await room.bid(bob, channelId, "60")).text).toContain("You lead at **$60.00**");
    expect((await room.bid(cy, channelId, "63")).text).toContain("You lead at **$63.00**");
    expect((await room.bid(ann, channelId, "66")).text).toContain("didn't get an answer in time");
  });

  test("is bounded in time: if Redis hangs, the bidder is notified in time", async () => {
    const { channelId } = await auction();
    await room.bid(people.person(), channelId, "50");
    const hangs = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "upstash", operation: /EVAL/, fault: hangs });
    const startedMs = cloud.clock.nowMs();
    const answer = await room.bid(people.person(), channelId, "60");
    expect(cloud.clock.nowMs() - startedMs).toBeLessThan(3000);
    expect(answer.text).toContain("didn't get an answer in time");
  });

  test("is zero if it could not be sent, which the answer says", async () => {
    const channelId = room.channel(community.guildId);
    cloud.faults.add({ target: "upstash", operation: /GET/, fault: { kind: "drop" } });
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("haven't bid");
  });

  test("includes reloading the scripts if Redis loses them while many people bid", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    const redis = await redisOf(cloud)();
    expect(await redis.scriptFlush()).toBe("OK");
    const { crowd, accepted } = await crowdBids(channelId);
    await room.pass(3);
    const standing = { bids: 1 + accepted, leader_id: crowd.at(-1) };
    expect(await stored(id)).toMatchObject({ standing });
  });

  /** Everyone bids at once; the last bid is the highest. */
  async function crowdBids(channelId: string) {
    const crowd = Array.from({ length: CROWD }, () => people.person());
    const answers = await Promise.all(
      crowd.map((bidder, index) => room.bid(bidder, channelId, "55", String(60 + 20 * index))),
    );
    const isAccepted = ({ text }: { text: string }) => /You lead|ceiling was higher/.test(text);
    const accepted = answers.filter(isAccepted).length;
    const refused = answers.filter(({ text }) => text.includes("is too low")).length;
    expect(accepted + refused).toBe(CROWD);
    return { crowd, accepted };
  }

  test("is the same if Redis decides but does not answer", async () => {
    const { channelId, id } = await auction();
    const ann = people.person();
    const lost = { kind: "lose-answer" } as const;
    cloud.faults.add({ target: "upstash", operation: /EVAL/, fault: lost, times: 1 });
    expect((await room.bid(ann, channelId, "50")).text).toContain("You lead at **$50.00**");
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { bids: 1, sequence: 1 } });
  });
});

describe("a bidder who wants to be notified", () => {
  test("gets a DM when outbid, and nobody else does", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    const board = room.board(channelId).id;
    expect((await room.press(ann, channelId, board, `bid-notify:${id}`)).text).toContain(
      "send you",
    );
    await room.bid(ann, channelId, "50");
    await room.bid(bob, channelId, "60");
    await room.bid(cy, channelId, "63");
    await room.pass(3);
    expect(people.messagesTo(ann)).toEqual([expect.stringContaining("You were outbid")]);
    expect(people.messagesTo(bob)).toEqual([]);
    expect((await room.press(ann, channelId, board, `bid-notify:${id}`)).text).toContain("won't");
  });

  test("is promised no DM once the hammer has fallen, though the board still has the button", async () => {
    const { channelId, id } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    await room.pass(3);
    await room.control(builder, channelId, "close", { auction: id });
    const pressed = await room.press(ann, channelId, room.board(channelId).id, `bid-notify:${id}`);
    expect(pressed.text).toContain("This auction is over");
  });
});

describe("the form for another amount", () => {
  test("bids what was typed in it", async () => {
    const { channelId, id } = await auction();
    const ann = people.person();
    const board = room.board(channelId).id;
    const { interactionId } = await room.press(ann, channelId, board, `bid-custom:${id}`);
    const { client } = cloud.discord;
    const sent = await client.modalSubmit(cloud.url("discord-interactions"), {
      of: interactionId,
      values: { amount: "72.50", max: "" },
    });
    expect(sent.original?.content).toContain("You lead at **$72.50**");
  });
});

describe("the clock", () => {
  test("is moved by a bid in the last seconds, and the hammer falls at the new end", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(23);
    expect(room.board(channelId).text).toContain("Going once");
    await room.bid(bob, channelId, "60");
    await room.pass(8);
    expect(await stored(id)).toMatchObject({ state: "live", standing: { leader_id: bob } });
    await room.pass(5);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { leader_id: bob } });
  });

  test("is not moved in sudden death", async () => {
    const { channelId, id } = await auction({ duration: "30s", counter_bid: 0 });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.pass(26);
    await room.bid(bob, channelId, "60");
    await room.pass(4);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { leader_id: bob } });
  });
});
