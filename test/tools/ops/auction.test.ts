import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../support/auctions/auctions.ts";
import { operator } from "../../support/cli/ops.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const QUARTER_MS = 15 * 60_000;
const LONGEST_TEST_MS = 5 * 60_000;
const LOST = { kind: "drop" } as const;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
const context = operator(cloud);
const builder = (await people.builder({ isLive: true })).id;
beforeEach(async () => {
  context.answer = undefined;
  // The sweeper would fix what these tests leave to the operators.
  const leftMs = QUARTER_MS - (cloud.clock.nowMs() % QUARTER_MS);
  if (leftMs < LONGEST_TEST_MS) await cloud.clock.advance(leftMs);
  await cloud.settle();
});

const ops = (...words: readonly string[]) => context.ops("auction", ...words);
/** Advances the clock in one step: everything that becomes due meanwhile runs late, at the end. */
async function leap(seconds: number): Promise<void> {
  await cloud.clock.advance(seconds * 1000);
  await cloud.settle();
}
const stored = (id: string) => room.stored(id);
const hammersAreLost = () =>
  cloud.faults.add({ target: "tasks", operation: /^dispatch hammer-drop/, fault: LOST });

async function auction(fields: Parameters<typeof room.start>[2] = {}) {
  const channelId = room.channel(community.guildId);
  const id = await room.start(builder, channelId, { duration: "30s", ...fields });
  const bidder = people.person();
  await room.bid(bidder, channelId, "60", "80");
  await room.pass(2);
  return { channelId, id, bidder };
}
const listed = async (id: string) =>
  JSON.parse((await ops("list", "--json")).out).find((each: { id: string }) => each.id === id);

describe("an auction whose hammer was lost", () => {
  test("is listed as past its end, and closed as its task would have closed it", async () => {
    hammersAreLost();
    const { id, bidder } = await auction();
    expect(await listed(id)).toMatchObject({ state: "open", redis: "agrees", needsYou: false });
    await leap(65);
    expect(await listed(id)).toMatchObject({ state: "ending", needsYou: true, leaderId: bidder });
    const list = await ops("list");
    expect([list.code, list.out]).toEqual([1, expect.stringMatching(/1 needs you\./)]);
    expect((await ops("show", id)).out).toContain(`NEEDS YOU  ./dev ops auction close ${id}`);
    expect(await ops("close", id)).toMatchObject({
      code: 2,
      err: expect.stringContaining("--yes"),
    });
    context.answer = false;
    expect(await ops("close", id)).toMatchObject({ code: 1, out: "Nothing was changed.\n" });
    context.answer = true;
    const closed = await ops("close", id);
    expect([closed.code, closed.out]).toEqual([
      0,
      expect.stringContaining(`sold to ${bidder} for $60.00`),
    ]);
    await room.pass(5);
    expect(await stored(id)).toMatchObject({ state: "sold", claim: { bidder_id: bidder } });
    expect(await listed(id)).toMatchObject({ state: "settling", needsYou: false });
    const shown = (await ops("show", id)).out;
    expect(shown).toContain("turn     the winner");
    expect(shown).toContain("to come  reservation-end at");
    expect((await ops("close", id)).out).toContain("turn 0 is ordered");
    expect(cloud.discord.dms(bidder)).toHaveLength(1);
  });

  test("is not closed before its end", async () => {
    const { id } = await auction({ duration: "1h" });
    const { code, err } = await ops("close", id, "--yes");
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("only an auction that is past its end"),
    ]);
    expect(await stored(id)).toMatchObject({ state: "live" });
  });

  test("continues if Redis had lost it too", async () => {
    hammersAreLost();
    const { id } = await auction();
    await leap(65);
    await cloud.upstash?.loseData();
    expect((await ops("close", id, "--yes")).out).toContain("It runs until");
    expect(await listed(id)).toMatchObject({ state: "open", redis: "agrees" });
  });
});

describe("an auction that Redis has lost", () => {
  test("is listed, and restored from its recorded bids", async () => {
    const { id, channelId, bidder } = await auction({ duration: "1h" });
    await room.bid(people.person(), channelId, "70");
    await room.pass(3);
    await cloud.upstash?.loseData();
    expect(await listed(id)).toMatchObject({ redis: "lost", needsYou: true });
    expect((await ops("show", id)).out).toContain(`NEEDS YOU  ./dev ops auction restore ${id}`);
    const restored = await ops("restore", id, "--yes");
    expect([restored.code, restored.out]).toEqual([
      0,
      expect.stringContaining(`${bidder} leads after 2 bids`),
    ]);
    expect((await room.bid(people.person(), channelId, "76")).text).toContain(
      "stands at **$79.00**",
    );
    expect((await ops("restore", id, "--yes")).out).toContain("Nothing was changed.");
  });
});

describe("an auction that has to end", () => {
  test("is cancelled once, and its builder is notified of the reason once", async () => {
    const { id, channelId, bidder } = await auction({ duration: "1h" });
    expect(await ops("cancel", id, "--yes")).toMatchObject({ code: 2 });
    const before = cloud.discord.dms(builder).length;
    const words = ["cancel", id, "--reason", "It was stolen.", "--yes"];
    expect((await ops(...words)).code).toBe(0);
    expect(await stored(id)).toMatchObject({ state: "cancelled", cancel_reason: "It was stolen." });
    expect((await room.bid(bidder, channelId, "90")).text).not.toContain("You lead");
    const dms = cloud.discord.dms(builder).slice(before);
    expect(dms.map(({ content }) => content)).toEqual([expect.stringContaining("It was stolen")]);
    // A command that crashed before the notification sends it when run again.
    expect((await ops(...words)).code).toBe(0);
    expect(cloud.discord.dms(builder)).toHaveLength(before + 1);
    for (const word of ["close", "restore"]) {
      expect((await ops(word, id, "--yes")).err).toContain("It has ended: it was cancelled");
    }
    expect(await listed(id)).toBeUndefined();
  });

  test("is not cancelled once it is sold", async () => {
    const { id } = await auction();
    await leap(65);
    const { code, err } = await ops("cancel", id, "--reason", "Too late.", "--yes");
    expect([code, err]).toEqual([1, expect.stringContaining("/c500 auction void")]);
    expect(await stored(id)).toMatchObject({ state: "sold" });
  });
});

describe("the record of an auction", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "c500-audit-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is shown, and written as the file the builder receives, but never over an existing file", async () => {
    const { id, bidder } = await auction({ duration: "1h" });
    const running = await ops("audit", id);
    expect([running.code, running.out]).toEqual([
      0,
      expect.stringContaining("The record is complete."),
    ]);
    expect(running.out).toContain(bidder);
    expect(running.out).not.toContain("80.00");
    await ops("cancel", id, "--reason", "To see all.", "--yes");
    expect((await ops("audit", id)).out).toContain("80.00");
    const path = join(folder, "bids.csv");
    expect((await ops("audit", id, "--csv", path)).code).toBe(0);
    expect(readFileSync(path, "utf8")).toMatch(
      new RegExp(
        `^sequence,.*bid id\\r\\n1,[^,]+,bid,${bidder},6000,8000,6000,${bidder},.*\\r\\n$`,
      ),
    );
    const again = await ops("audit", id, "--csv", path);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("EEXIST")]);
  });

  test("is checked, and each problem is named", async () => {
    const { id, channelId } = await auction({ duration: "1h" });
    await room.bid(people.person(), channelId, "90");
    await room.pass(3);
    await cloud.firestore.doc(`auctions/${id}/bids/00000001`).update({ price: 999_999 });
    const { code, out } = await ops("audit", id);
    expect([code, out]).toEqual([1, expect.stringContaining("WRONG  Bid 2 lowers the price.")]);
  });
});

describe("an operator", () => {
  test("learns of an unknown id and of a malformed one", async () => {
    for (const word of ["show", "audit", "close", "restore"]) {
      for (const id of ["12345", "../users"]) {
        const { code, err } = await ops(word, id);
        expect([code, err]).toEqual([1, expect.stringContaining(`There is no auction "${id}"`)]);
      }
    }
    expect((await ops("show")).code).toBe(2);
  });

  test("learns that Redis is down, and nothing is changed", async () => {
    const { id } = await auction({ duration: "1h" });
    cloud.faults.add({ target: "upstash", fault: LOST });
    for (const words of [["close"], ["restore"], ["cancel", "--reason", "It is down."]]) {
      const { code, err } = await ops(...words, id, "--yes");
      expect([code, err]).toEqual([
        1,
        expect.stringContaining("Nothing was changed. While Redis is"),
      ]);
    }
    const list = await ops("list");
    expect([list.code, list.out]).toEqual([1, expect.stringContaining("no answer")]);
    expect(await stored(id)).toMatchObject({ state: "live" });
  });
});
