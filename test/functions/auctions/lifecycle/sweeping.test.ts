import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { auctionSeeder } from "../../../web/auctions.ts";

/** More than one page of a query. */
const MANY = 105;
/** How many items of a list one run handles. */
const MAX_SWEPT = 200;
/** How often the sweeper runs by itself. */
const PERIOD_MS = 15 * 60_000;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
const seed = auctionSeeder(cloud.firestore, cloud.clock);
const builder = (await people.builder()).id;
beforeEach(async () => {
  await seed.clear();
});

const many = (fields: object, length = MANY) =>
  Promise.all(Array.from({ length }, () => seed.auction({ builder_id: builder, ...fields })));

/** An auction whose id sorts after all others. */
async function last(fields: object): Promise<string> {
  const place = cloud.firestore.doc(`auctions/${await seed.auction(fields)}`);
  const id = "9000000000000000001";
  await cloud.firestore.doc(`auctions/${id}`).set((await place.get()).data() ?? {});
  await place.delete();
  return id;
}

async function sweep(): Promise<number> {
  const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
  return status;
}

/** An auction whose hammer never fell; returns its id. */
async function overdue(): Promise<string> {
  const operation = /^dispatch hammer-drop/;
  cloud.faults.add({ target: "tasks", operation, fault: { kind: "drop" } });
  const id = await room.start(builder, room.channel(community.guildId), { duration: "30s" });
  await cloud.clock.advance(60_000);
  return id;
}

async function left(field: string): Promise<number> {
  const found = await cloud.firestore.collection("auctions").where(field, "==", true).get();
  return found.size;
}

describe("however many auctions there are, the sweeper", () => {
  test("settles every one whose hammer fell", async () => {
    await many({ state: "unsold", is_settling: true });
    expect(await sweep()).toBe(204);
    expect(await left("is_settling")).toBe(0);
    expect(people.messagesTo(builder).filter((text) => text.includes("nobody bid"))).toHaveLength(
      MANY,
    );
  });

  test("schedules every board that is due", async () => {
    await many({ state: "cancelled", is_board_due: true });
    await sweep();
    await cloud.eventually(async () => (await left("is_board_due")) === 0);
  });

  test("drops the due hammer before it handles long-running auctions", async () => {
    const id = await overdue();
    await many({ ends_at: new Date(cloud.clock.nowMs() + 3_600_000) }, MAX_SWEPT);
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "unsold" });
  }, 180_000);

  test("logs an auction that is still open five minutes after its end", async () => {
    // No scheduled run happens in the next 15 minutes.
    await cloud.clock.advance(PERIOD_MS - (cloud.clock.nowMs() % PERIOD_MS) + 1000);
    const sent = () => cloud.logLines.filter((line) => line.includes('"event":"auction-overdue"'));
    await overdue();
    await sweep();
    expect(sent()).toEqual([]);
    const id = await overdue();
    await cloud.clock.advance(5 * 60_000);
    await sweep();
    expect(sent()).toEqual([expect.stringContaining(`"auction":"${id}"`)]);
  });

  test("opens the oldest that waits for a stream whose event was lost", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { opens: "live" });
    const other = await people.builder();
    await many({ state: "planned", opens: "live", builder_id: other.id });
    await cloud.firestore.doc(`builders/${builder}`).update({ is_live: true });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "live" });
  });
});

describe("an auction that the sweeper cannot fix", () => {
  test("does not prevent later ones from being settled, however many there are", async () => {
    await many({ state: "cancelled", is_settling: true }, MAX_SWEPT);
    const id = await last({ builder_id: builder, state: "unsold", is_settling: true });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ is_settling: true });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ is_settling: false });
    const [first] = await many({ state: "unsold", is_settling: true }, 1);
    await sweep();
    expect(await room.stored(first ?? "")).toMatchObject({ is_settling: false });
  });

  test("because it fails does not prevent others' hammers, openings or settlements", async () => {
    const due = await overdue();
    const broken = await seed.auction({ builder_id: builder });
    await cloud.firestore.doc(`auctions/${broken}/bids/00000001`).set({ sequence: 1 });
    const unpictured = await seed.auction({
      builder_id: builder,
      image_url: "https://127.0.0.1/x.png",
      created_at: new Date(cloud.clock.nowMs() - 86_400_000),
      boards: [{ channel_id: community.generalChannelId, message_id: "1" }],
    });
    const fault = { kind: "fail", code: 502 } as const;
    cloud.faults.add({ target: "discord", operation: /^GET .*messages/, fault });
    const [unsettled = ""] = await many({ state: "unsold", is_settling: true }, 1);
    const waits = await room.start(builder, room.channel(community.guildId), { opens: "live" });
    await cloud.firestore.doc(`builders/${builder}`).update({ is_live: true });
    expect(await sweep()).toBe(500);
    await room.pass(2);
    expect(await room.stored(unsettled)).toMatchObject({ is_settling: false });
    expect(await room.stored(due)).toMatchObject({ state: "unsold" });
    expect(await room.stored(waits)).toMatchObject({ state: "live" });
    expect(await room.stored(unpictured)).toMatchObject({ state: "live" });
  });
});
