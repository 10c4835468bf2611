import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../support/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop.ts";
import { type AuctionSeeder, auctionSeeder } from "../web/auctions.ts";

/** More than are read at once. */
const MANY = 105;

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;
let room: ReturnType<typeof bidders>;
let seed: AuctionSeeder;
let builder: string;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  people = shoppers(cloud);
  room = bidders(cloud, people);
  seed = auctionSeeder(cloud.firestore, cloud.clock);
  builder = (await people.builder()).id;
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  cloud.faults.clear();
  await seed.clear();
});

const many = (fields: object) =>
  Promise.all(Array.from({ length: MANY }, () => seed.auction({ builder_id: builder, ...fields })));

async function sweep(): Promise<number> {
  const { status } = await fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
  return status;
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
    expect(people.told(builder).filter((text) => text.includes("nobody bid"))).toHaveLength(MANY);
  });

  test("has every board shown", async () => {
    await many({ state: "cancelled", is_board_due: true });
    await sweep();
    await room.pass(2);
    expect(await left("is_board_due")).toBe(0);
  });

  test("drops the hammer that is due before it looks at those that run for long", async () => {
    cloud.faults.add({
      ...{ target: "tasks", operation: /^dispatch hammer-drop/ },
      fault: { kind: "drop" },
    });
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { duration: "30s" });
    await cloud.clock.advance(60_000);
    await many({ ends_at: new Date(cloud.clock.nowMs() + 3_600_000) });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "unsold" });
  });

  test("opens the oldest that waits for a stream that it heard nothing of", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder, channelId, { opens: "live" });
    const other = await people.builder();
    await many({ state: "planned", opens: "live", builder_id: other.id });
    await cloud.firestore.doc(`builders/${builder}`).update({ is_live: true });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "live" });
  });
});
