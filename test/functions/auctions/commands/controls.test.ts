import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Visitor, visitor } from "../../../web/visitor.ts";
import {
  auction,
  builder,
  cloud,
  endOf,
  people,
  room,
  staff,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

useAuctionHouse({ fields: { duration: "10m" }, isRegistered: true });

let site: Visitor;
beforeAll(() => {
  site = visitor(cloud.url("web"), cloud);
});

describe("close", () => {
  test("lets the hammer fall now, and nothing is accepted after it", async () => {
    const { channelId, id } = await auction();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    const answer = await room.control(builder, channelId, "close", { auction: id });
    expect(answer.text).toContain(`sold for **$50.00** to <@${ann}>`);
    expect((await room.bid(bob, channelId, "60")).text).toContain("Too late");
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: ann } });
    expect(await endOf(id)).toBeLessThanOrEqual(cloud.clock.nowMs());
    expect(room.board(channelId).text).toContain("SOLD");
    const again = await room.control(builder, channelId, "close", { auction: id });
    expect(again.text).toContain("sold for **$50.00**");
  });

  test("names no winner once the time to pay is over", async () => {
    const { channelId, id } = await auction();
    await room.bid(people.person(), channelId, "50");
    const first = await room.control(builder, channelId, "close", { auction: id });
    expect(first.text).toContain("they get the Checkout link");
    await room.pass(3);
    await people.pass(31);
    expect(await stored(id)).toMatchObject({ claim: { state: "over" } });
    const later = await room.control(builder, channelId, "close", { auction: id });
    expect(later.text).toContain("has already fallen");
    expect(later.text).not.toContain("Checkout");
  });

  test("does not sell below the reserve, and nobody else may close", async () => {
    const { channelId, id } = await auction({ reserve: "100" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    const other = await room.control(ann, channelId, "close", { auction: id });
    expect(other.text).toContain("can't find an auction of yours");
    const answer = await room.control(builder, channelId, "close", { auction: id });
    expect(answer.text).toContain("did not meet your reserve");
    expect(await stored(id)).toMatchObject({ state: "unsold" });
  });
});

describe("sell", () => {
  test("sells to the highest bidder at once, below the reserve", async () => {
    const { channelId, id } = await auction({ reserve: "100" });
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(bob, channelId, "60");
    const answer = await room.control(builder, channelId, "sell", { auction: id });
    expect(answer.text).toContain(`sold for **$60.00** to <@${bob}>`);
    await room.pass(3);
    const runnersUp = [{ bidder_id: ann, amount: 5000 }];
    expect(await stored(id)).toMatchObject({ state: "sold", runners_up: runnersUp });
    expect(people.messagesTo(bob).join()).toContain("is yours for **$60.00**");
  });

  test("can sell for half an hour after a hammer below the reserve, and not later", async () => {
    const soon = await room.hammered(builder, ["50", "60"], { reserve: "100" });
    const [ann, bob = ""] = soon.who;
    const answer = await room.control(builder, soon.channelId, "sell", { auction: soon.id });
    expect(answer.text).toContain(`sold for **$60.00** to <@${bob}>`);
    await room.pass(3);
    const runnersUp = [{ bidder_id: ann, amount: 5000 }];
    expect(await stored(soon.id)).toMatchObject({
      state: "sold",
      runners_up: runnersUp,
      claim: { bidder_id: bob, amount: 6000, state: "ordered" },
    });
    const late = await room.hammered(builder, ["50"], { reserve: "100" });
    await people.pass(31);
    const refused = await room.control(builder, late.channelId, "sell", { auction: late.id });
    expect(refused.text).toContain("too late to sell");
    expect(await stored(late.id)).toMatchObject({ state: "unsold" });
  });

  test("sells nothing that runs again by now, and says so", async () => {
    const unsold = await room.hammered(builder, ["50"], { reserve: "100" });
    const { channelId, id } = unsold;
    await room.control(builder, channelId, "rerun", { auction: id });
    const refused = await room.control(builder, channelId, "sell", { auction: id });
    expect(refused.text).toContain(`It is already running again, in <#${channelId}>`);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
  });

  test.each([
    ["whose reserve is met", "100", "Its reserve is met"],
    ["without a reserve", undefined, "has no reserve"],
  ])("changes nothing about an auction %s", async (_, reserve, words) => {
    const { channelId, id } = await auction(reserve ? { reserve } : {});
    const [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "60");
    await room.bid(bob, channelId, "105");
    const answer = await room.control(builder, channelId, "sell", { auction: id });
    expect(answer.text).toContain(words);
    expect(answer.text).toContain("`/c500 auction close`");
    expect((await room.bid(cy, channelId, "150")).text).toContain("You lead at");
    await room.control(builder, channelId, "close", { auction: id });
    await room.pass(3);
    const second = { bidder_id: bob, amount: 10_500 };
    const others = reserve ? [second] : [second, { bidder_id: ann, amount: 6000 }];
    expect(await stored(id)).toMatchObject({ state: "sold" });
    expect((await stored(id))?.["runners_up"]).toEqual(others);
  });

  test("needs a bid, and a reserve that was not met", async () => {
    const { channelId, id } = await auction();
    const none = await room.control(builder, channelId, "sell", { auction: id });
    expect(none.text).toContain("Nobody has bid");
    const sold = await room.hammered(builder, ["50"]);
    const answer = await room.control(builder, sold.channelId, "sell", { auction: sold.id });
    expect(answer.text).toContain("nothing to sell that way");
  });
});

describe("extend", () => {
  test("moves the end once, in Redis and in the record, together with the hammer", async () => {
    const { channelId, id } = await auction({ duration: "1m" });
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    const before = await endOf(id);
    const answer = await room.control(builder, channelId, "extend", { auction: id, by: "2m" });
    expect(answer.text).toContain("ends <t:");
    expect(await endOf(id)).toBe(before + 120_000);
    await room.pass(90);
    expect((await room.bid(people.person(), channelId, "60")).text).toContain("You lead at");
    await room.pass(100);
    expect(await stored(id)).toMatchObject({ state: "sold", standing: { price: 6000 } });
  });

  test.each([
    ["soon", "Write `by:` like"],
    ["5s", "from 10 seconds"],
    ["25h", "to one day"],
  ])("by %s is refused", async (by, words) => {
    const { channelId, id } = await auction();
    const before = await endOf(id);
    const answer = await room.control(builder, channelId, "extend", { auction: id, by });
    expect(answer.text).toContain(words);
    expect(await endOf(id)).toBe(before);
  });
});

describe("remove-bids", () => {
  test("removes one bidder's bids: the others' decide, and everyone is notified", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, troll] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50", "80");
    await room.bid(bob, channelId, "60");
    await room.bid(troll, channelId, "140");
    await room.pass(2);
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    const answer = await room.control(staff, channelId, "remove-bids", options);
    expect(answer.text).toContain(`It stands at $63.00, and <@${ann}> leads.`);
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, price: 6300 } });
    expect(room.board(channelId).text).toContain("$63.00");
    expect(people.messagesTo(troll).join()).toContain("Bids for fun");
    expect(people.messagesTo(ann).join()).toContain("You lead **Brass C500** at **$63.00**");
    const posts = cloud.discord.messages(channelId).map(({ content }) => content);
    expect(posts.filter((text) => text.includes("has removed all bids"))).toHaveLength(1);
    await cloud.upstash?.loseData();
    await room.bid(bob, channelId, "66");
    await room.pass(3);
    expect((await room.bid(bob, channelId, "66")).text).toContain("stands at **$69.00** now");
  });

  test("removes their bids from the auction's page, and recalculates the price from the others'", async () => {
    const { channelId, id } = await auction();
    const [ann, bob, troll] = [people.person(), people.person(), people.person()];
    await room.bid(ann, channelId, "50", "80");
    await room.bid(bob, channelId, "60");
    for (const amount of ["140", "150", "160", "170", "180", "190", "200"]) {
      await room.bid(troll, channelId, amount);
    }
    await room.pass(2);
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    await room.control(staff, channelId, "remove-bids", options);
    await room.pass(3);
    const { lastBids } = await (await site.visit(`/auction/${id}/feed.json`)).json();
    const shown = lastBids.map(({ bidder, price }: Record<string, string>) => [bidder, price]);
    expect(shown).toEqual([
      [`bidder …${bob.slice(-4)}`, "$63.00"],
      [`bidder …${ann.slice(-4)}`, "$50.00"],
    ]);
    expect(await site.read(`/auction/${id}`)).not.toContain(troll.slice(-4));
    const recorded = await cloud.firestore.collection(`auctions/${id}/bids`).get();
    const removals = recorded.docs.filter((bid) => bid.get("kind") === "removal");
    expect(removals.map((bid) => [bid.get("amount"), bid.get("max")])).toEqual([[0, null]]);
    await room.bid(bob, channelId, "66");
    await room.pass(3);
    const after = await (await site.visit(`/auction/${id}/feed.json`)).json();
    expect(after.lastBids[0]).toMatchObject({ price: "$69.00", isLeading: false });
    expect(after.lastBids).toHaveLength(3);
  });

  test("of the only bidder resets the auction to before its first bid", async () => {
    const { channelId, id } = await auction();
    const [ann, troll] = [people.person(), people.person()];
    await room.bid(troll, channelId, "120");
    await room.pass(2);
    const options = { auction: id, bidder: troll, reason: "Bids for fun" };
    expect((await room.control(staff, channelId, "remove-bids", options)).text).toContain("Nobody");
    await room.pass(3);
    expect(room.board(channelId).text).toContain("nobody yet");
    expect((await room.bid(ann, channelId, "50")).text).toContain("You lead at **$50.00**");
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann, price: 5000 } });
  });

  test("is reserved to staff", async () => {
    const { channelId, id } = await auction();
    const ann = people.person();
    await room.bid(ann, channelId, "50");
    const options = { auction: id, bidder: ann, reason: "I don't like them" };
    await room.control(builder, channelId, "remove-bids", options).catch(() => undefined);
    await room.pass(2);
    expect(await stored(id)).toMatchObject({ standing: { leader_id: ann } });
  });
});

describe("rerun", () => {
  test("reruns an item once, however often an old list or message is used", async () => {
    const { channelId, id } = await room.hammered(builder, []);
    const first = await room.control(builder, channelId, "rerun", { auction: id });
    expect(first.text).toContain("is up in");
    const meanwhile = await room.control(builder, channelId, "rerun", { auction: id });
    expect(meanwhile.text).toContain(`It is already running again, in <#${channelId}>`);
    await room.control(builder, channelId, "cancel", { auction: first.interactionId });
    const again = await room.control(builder, channelId, "rerun", { auction: id });
    expect(again.text).toContain("already ran again");
    const next = await room.control(builder, channelId, "rerun", { auction: first.interactionId });
    expect(next.text).toContain("is up in");
  });
});
