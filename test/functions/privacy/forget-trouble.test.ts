import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAuctionEngine } from "../../../functions/auctions/engine/engine.ts";
import { auctionKeys, commitmentField } from "../../../functions/auctions/engine/keys.ts";
import { createAuctions } from "../../../functions/auctions/store/auctions.ts";
import { forgetInRedis, isInRedis } from "../../../functions/privacy/service/forget-in-redis.ts";
import {
  createForgettings,
  type Forgetting,
} from "../../../functions/privacy/store/forgettings.ts";
import { createPersonTraces } from "../../../functions/privacy/store/person-traces.ts";
import { redisOf } from "../../support/clients/redis.ts";
import { community } from "../../support/cloud.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";

const LONG_MS = 120_000;
const QUARTER_MS = 15 * 60_000;
let world: Lives;

beforeAll(async () => {
  world = await startLives();
}, LONG_MS);
afterAll(() => world.cloud.stop());

const document = (path: string) => world.cloud.firestore.doc(path);
const now = () => new Date(Math.floor(world.cloud.clock.nowMs()));
const database = async () => world.cloud.firestore;
const operatorsPosts = () => world.cloud.discord.messages(community.operatorsChannelId).length;
const deadLettersOf = async (functionName: string) =>
  (await world.cloud.firestore.collection("dead_letters").get()).docs.filter(
    (deadLetter) => deadLetter.get("function_name") === functionName,
  );

function redisDeps() {
  const redis = redisOf(world.cloud);
  return {
    redis,
    auctions: createAuctions(database),
    auctionEngine: createAuctionEngine(redis),
  };
}

/** A person's command that failed permanently. */
async function deadLetter(id: string, by: string, state: string) {
  const body = JSON.stringify({ v: 1, id, userId: by, options: { order: "another's" } });
  const fields = { function_name: "shop", reason: "x", attributes: {}, body };
  await document(`dead_letters/${id}`).set({ ...fields, kept_at: now(), state });
}

describe("the logs", () => {
  test("never name the person who is forgotten", async () => {
    const { id: user } = await world.people.builder();
    await world.confirm(user);
    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
    const lines = world.cloud.logLines.filter((line) => line.includes("forget-person"));
    expect(lines.length).toBeGreaterThan(3);
    expect(world.cloud.logLines.filter((line) => line.includes(user))).toEqual([]);
  });
});

describe("a dead letter that names a person", () => {
  test("stays while it is open: the person is forgotten once the operators have closed it", async () => {
    const staff = world.people.person();
    await deadLetter("shop.open", staff, "open");
    await deadLetter("shop.closed", staff, "discarded");
    // It may arrive after a run has looked for it.
    await createPersonTraces(database).deleteNotes(staff, undefined);
    expect((await deadLettersOf("shop")).map(({ id }) => id)).toEqual(["shop.open"]);
    const { text, buttons } = await world.ask(staff);
    expect(text).toContain("Something that went wrong: shop.open. Next: ask the team");
    expect(buttons).toEqual([]);

    await document("dead_letters/shop.open").update({ state: "replayed" });
    expect((await world.confirm(staff)).text).toContain("I've forgotten you");
    // A command in progress has failed meanwhile.
    await deadLetter("shop.late", staff, "open");
    await world.lookOnceMore();
    expect((await document("dead_letters/shop.late").get()).exists).toBe(true);
    expect((await document(`forgettings/${staff}`).get()).get("waits_for")).toEqual([
      "dead-letter",
    ]);
    await document("dead_letters/shop.late").update({ state: "discarded" });
    await world.lookOnceMore();
    expect(await world.traces(staff)).toEqual([]);
  });
});

describe("an erasure that cannot continue", () => {
  test("makes one dead letter and one post, is retried less and less often, and continues once it can", async () => {
    const user = world.people.person();
    await world.confirm(user);
    const posts = operatorsPosts();
    await document(`users/${user}`).set({ bidding_barred_at: "broken" });
    const dueAt = async () =>
      (
        (await document(`forgettings/${user}`).get()).get("due_at") as { toMillis(): number }
      ).toMillis() - now().getTime();
    for (let quarters = 0; quarters < 17; quarters += 1) await world.pass(QUARTER_MS);
    expect(operatorsPosts() - posts).toBe(1);
    expect(await deadLettersOf("forget-person")).toHaveLength(1);
    const tries = world.cloud.logLines.filter(
      (line) => line.includes("A task was not handled") && line.includes("forget-person"),
    );
    expect(tries.length).toBeGreaterThan(1);
    expect(tries.length).toBeLessThan(4);

    await document(`users/${user}`).delete();
    await world.pass(await dueAt());
    await world.pass(2 * QUARTER_MS);
    expect(await world.traces(user)).toEqual([]);
    expect(await deadLettersOf("forget-person")).toEqual([]);
    expect(operatorsPosts() - posts).toBe(1);
  });
});

describe("two concurrent runs", () => {
  test("advance an erasure once: the slower one records nothing, and does not end it", async () => {
    const forgettings = createForgettings(database);
    const userId = world.people.person();
    const press = { interactionId: "1", interactionToken: "t", twitchUserId: undefined };
    await forgettings.begin({ userId, pseudonym: "forgotten-00", ...press, dueAt: now() });
    const read = (await forgettings.get(userId)) as Forgetting;
    const first = (await forgettings.reached(read, "streams")) as Forgetting;
    expect(await forgettings.get(userId)).toEqual(first);

    const waiting = await forgettings.postpone(first, now(), ["order"]);
    expect(await forgettings.reached(first, "drops")).toBeUndefined();
    expect(await forgettings.postpone(read, now(), ["late"])).toBeUndefined();
    expect(await forgettings.rest(first, now())).toBeUndefined();
    await forgettings.failed(first, now());
    expect(await forgettings.end(first, now())).toBe(false);
    expect(await forgettings.get(userId)).toEqual(waiting);
    expect(waiting).toMatchObject({ state: "working", cursor: undefined });

    if (waiting) expect(await forgettings.end(waiting, now())).toBe(true);
    expect(await forgettings.reached(first, "drops")).toBeUndefined();
  });
});

describe("an auction in Redis", () => {
  test("keeps all bids until Firestore has its end and all of them", async () => {
    const deps = redisDeps();
    const { id: sellerId } = await world.people.builder();
    const [user, rival] = [world.people.person(), world.people.person()];
    const channelId = world.auctions.channel(community.guildId);
    await world.auctions.start(sellerId, channelId, { duration: "2h" });
    await world.auctions.bid(user, channelId, "50");
    await world.auctions.bid(rival, channelId, "90");
    await world.auctions.pass(3);
    const id = (await deps.auctionEngine.inChannel(channelId)) ?? "";
    const place = document(`auctions/${id}`);
    const bids = async () => (await deps.redis()).xlen(auctionKeys(id).bids);

    // The hammer has fallen in Redis, and crashed before it recorded that.
    const client = await deps.redis();
    await client.hset(auctionKeys(id).auction, { status: "closed" });
    await forgetInRedis(user, deps);
    expect(await bids()).toBe(2);
    expect(await isInRedis(user, deps)).toBe(true);

    // Ended, without the last of its bids.
    const before = (await place.get()).data() ?? {};
    const { sequence } = before["standing"] as { sequence: number };
    await place.update({ state: "cancelled", "standing.sequence": sequence - 1 });
    await forgetInRedis(user, deps);
    expect(await bids()).toBe(2);

    await place.update({ "standing.sequence": sequence });
    await forgetInRedis(user, deps);
    expect(await bids()).toBe(0);
    expect(await isInRedis(user, deps)).toBe(false);
  });

  test("that has a person's bids delays the end of their erasure", async () => {
    const user = world.people.person();
    const client = await redisDeps().redis();
    const { auction } = auctionKeys("unknown");
    await client.hset(auction, { status: "live", [commitmentField(user)]: "5000 1" });
    await world.confirm(user);
    await world.lookOnceMore();
    expect((await document(`forgettings/${user}`).get()).get("waits_for")).toEqual(["bids"]);
    await client.del(auction);
    await world.lookOnceMore();
    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
  });
});
