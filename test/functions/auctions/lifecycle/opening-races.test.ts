import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { holdNext, watchCalls } from "../../../support/calls/held-call.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const QUARTER_MS = 15 * 60_000;
const LONGEST_TEST_MS = 6 * 60_000;
/** A crash in the middle: the call succeeds, but its response is lost. */
const UNHEARD = { kind: "lose-answer" } as const;

let builder: { id: string; login: string };

const cloud = await useCloud({ rateLimits: false, isListening: true });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
beforeEach(async () => {
  // The sweeper's own repairs are tested elsewhere.
  const leftMs = QUARTER_MS - (cloud.clock.nowMs() % QUARTER_MS);
  if (leftMs < LONGEST_TEST_MS) await cloud.clock.advance(leftMs);
  await cloud.settle();
  builder = await people.builder();
});

const channel = () => room.channel(community.guildId);

/** Sends a command without waiting for its effects. */
async function send(channelId: string, words: string, options: Record<string, string>) {
  const use = { user: builder.id, channelId, name: `c500 auction ${words}`, options };
  return (await cloud.discord.client.command(cloud.url("discord-interactions"), use)).id;
}

/** Resolves once an auction is recorded with these fields. */
function becomes(id: string, fields: Record<string, unknown>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = cloud.googleFirestore.doc(`auctions/${id}`).onSnapshot((auction) => {
    if (Object.entries(fields).every(([name, value]) => auction.get(name) === value)) resolve();
  }, reject);
  return promise.finally(stop);
}

async function cancelInTheMiddle(channelId: string, id: string): Promise<void> {
  const cancelled = becomes(id, { state: "cancelled" });
  await send(channelId, "cancel", { auction: id });
  await cancelled;
}

/** An auction that opens with its builder's stream, held while its board is read. */
async function opening() {
  const channelId = channel();
  const id = await room.start(builder.id, channelId, { opens: "live" });
  await room.pass(3);
  const board = holdNext(cloud, "discord", /^PATCH .*\/messages\//);
  cloud.twitch.goLive(builder.login, { title: "At the bench" });
  await board.arrived;
  return { channelId, id, board };
}

/** The same for one that opens at once. */
async function openingByCommand() {
  const channelId = channel();
  const board = holdNext(cloud, "discord", /^POST .*\/messages$/);
  const id = await send(channelId, "start", { title: "Brass C500", price: "50", duration: "5m" });
  await board.arrived;
  return { channelId, id, board };
}

async function expectNoBids(channelId: string, id: string): Promise<void> {
  const { text } = await room.bid(people.person(), channelId, "50");
  expect(text).toMatch(/is over|cancelled|no auction/);
  // Another edit of the board waited while Discord hung, and is retried some seconds later.
  await room.pass(10);
  const stored = await room.stored(id);
  expect(stored).toMatchObject({ state: "cancelled" });
  expect(stored?.["standing"]).toBeUndefined();
  expect(room.board(channelId).text).toContain("Cancelled");
}

describe("an auction that its builder cancels", () => {
  test("before its clock starts never opens", async () => {
    const { channelId, id, board } = await opening();
    await cancelInTheMiddle(channelId, id);
    await board.release();
    await cloud.settle();
    await expectNoBids(channelId, id);
  });

  test("between the start of its clock and its opening in Redis accepts no bids", async () => {
    const { channelId, id, board } = await opening();
    // The barred bidders are read between the two.
    const barred = holdNext(cloud, "firestore", /^RunQuery/);
    await board.release();
    await barred.arrived;
    expect(await room.stored(id)).toMatchObject({ state: "live" });
    await cancelInTheMiddle(channelId, id);
    await barred.release();
    await cloud.settle();
    await expectNoBids(channelId, id);
    await room.start(builder.id, channelId);
  });

  test("while it is restored accepts no more bids", async () => {
    const channelId = channel();
    const id = await room.start(builder.id, channelId);
    await room.bid(people.person(), channelId, "50");
    await room.pass(2);
    await cloud.upstash?.loseData();
    const ann = people.person();
    expect((await room.bid(ann, channelId, "60")).text).toContain("Bidding pauses for a moment");
    const record = holdNext(cloud, "firestore", /^RunQuery/);
    await cloud.clock.advance(1500);
    await record.arrived;
    await cancelInTheMiddle(channelId, id);
    await record.release();
    await cloud.settle();
    expect((await room.bid(ann, channelId, "60")).text).toMatch(/is over|cancelled|no auction/);
    await room.pass(3);
    expect(await room.stored(id)).toMatchObject({ state: "cancelled", standing: { bids: 1 } });
  });

  test("accepts no bids even if a crashed opening had opened it in Redis", async () => {
    const { channelId, id, board } = await opening();
    const barred = holdNext(cloud, "firestore", /^RunQuery/);
    await board.release();
    await barred.arrived;
    await cancelInTheMiddle(channelId, id);
    cloud.faults.add({ target: "upstash", operation: /EVAL/, fault: UNHEARD, times: 2 });
    await barred.release();
    await room.pass(30);
    await expectNoBids(channelId, id);
  });

  test("accepts no bids even if that opening happened after its board was shown as cancelled", async () => {
    const channelId = channel();
    const board = holdNext(cloud, "discord", /^POST .*\/messages$/);
    const id = await send(channelId, "start", { title: "Brass C500", price: "50", duration: "5m" });
    await board.arrived;
    const barred = holdNext(cloud, "firestore", /^RunQuery/);
    await board.release();
    await barred.arrived;
    await cancelInTheMiddle(channelId, id);
    const shown = becomes(id, { is_board_due: false });
    await cloud.clock.advance(1500);
    await shown;
    cloud.faults.add({ target: "upstash", operation: /EVAL/, fault: UNHEARD, times: 2 });
    await barred.release();
    await room.pass(30);
    await expectNoBids(channelId, id);
  });
});

describe("an auction whose builder is suspended while it opens", () => {
  test.each([
    ["by a command", () => openingByCommand()],
    ["with their stream", () => opening()],
  ])("%s accepts no bids", async (_how, begin) => {
    const { channelId, id, board } = await begin();
    await cloud.firestore
      .doc(`builders/${builder.id}`)
      .update({ standing: "suspended", standing_version: 2 });
    await board.release();
    await room.pass(3);
    await expectNoBids(channelId, id);
  });
});

describe("an opening that runs twice", () => {
  test("leaves a running one unchanged, even if its channel has been closed to us since", async () => {
    const { channelId, id, board } = await opening();
    const live = becomes(id, { state: "live" });
    const sweep = cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    await live;
    await sweep;
    const closed = { viewChannel: false };
    cloud.discord.addChannel({
      id: channelId,
      guildId: community.guildId,
      name: "stage",
      botMay: closed,
    });
    await board.release();
    await cloud.settle();
    expect(await room.stored(id)).toMatchObject({ state: "live" });
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("You lead");
  });

  test("restores every bidder if Redis was lost in between", async () => {
    const channelId = channel();
    cloud.faults.add({ target: "pubsub", operation: /auction-control/, fault: UNHEARD, times: 3 });
    const terms = { title: "Brass C500", price: "50", duration: "2m" };
    const id = await send(channelId, "start", terms);
    await cloud.settle();
    const [ann, bob] = [people.person(), people.person()];
    await room.bid(ann, channelId, "50");
    await room.bid(bob, channelId, "60");
    await room.pass(2);
    expect(await room.stored(id)).toMatchObject({ standing: { bids: 2 } });
    // A board's task would restore it, too.
    const lost = { kind: "drop" } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch auction-board/, fault: lost });
    await cloud.upstash?.loseData();
    await room.pass(60);
    expect((await room.bid(people.person(), channelId, "61")).text).toContain("too low");
    await room.pass(75);
    expect(await room.stored(id)).toMatchObject({
      state: "sold",
      claim: { bidder_id: bob },
      runners_up: [{ bidder_id: ann, amount: 5000 }],
    });
  });
});

describe("a board that is shown again while bids arrive", () => {
  test("never shows an older price again", async () => {
    const channelId = channel();
    const id = await room.start(builder.id, channelId);
    await room.bid(people.person(), channelId, "50");
    await room.pass(3);
    const isNewer: boolean[] = [];
    watchCalls(cloud, "upstash", () =>
      isNewer.push(room.board(channelId).text.includes("**$60.00**")),
    );
    const edit = holdNext(cloud, "discord", /^PATCH .*\/messages\//);
    await send(channelId, "show", { auction: id });
    await edit.arrived;
    await room.bid(people.person(), channelId, "60");
    // Waiting for the board's lock is by the clock.
    for (let step = 0; step < 30; step += 1) await cloud.clock.advance(100);
    await edit.release();
    await room.pass(10);
    expect(isNewer.at(-1)).toBe(true);
    expect(isNewer).toEqual(isNewer.toSorted());
  });
});
