import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type FaultRule, seededRandom } from "../../local/kit/faults.ts";
import { community, type Order, seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { goLive, repeatGoLive } from "../support/go-live.ts";

let cloud: TestCloud;
let seed: ReturnType<typeof seeder>;

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = seeder(cloud);
});
afterAll(() => cloud.stop());

/** The libraries' own waits between tries add up on a busy machine. */
const SECONDS_A_RUN = 90;
const UNAVAILABLE = 14;
const ABORTED = 10;

/** What strikes while the commands run; each so rare that the deliveries' ten tries outlast it. The
 * libraries wait in real time between their own tries, so those faults are few. */
const deliveries = { target: "pubsub", operation: /^deliver/ } as const;
const commits = { target: "firestore", operation: /^Commit/, times: 2 } as const;
const discordCalls = { target: "discord", operation: /^(POST|PATCH)/, times: 3 } as const;
const troubles: FaultRule[] = [
  { ...deliveries, fault: { kind: "duplicate", copies: 5 }, probability: 0.4 },
  { ...deliveries, fault: { kind: "drop" }, probability: 0.15 },
  { ...deliveries, fault: { kind: "lose-answer" }, probability: 0.2 },
  { ...deliveries, fault: { kind: "delay", ms: 90_000 }, probability: 0.2 },
  { ...deliveries, fault: { kind: "reorder" }, probability: 0.3 },
  { target: "pubsub", operation: /^Publish/, fault: { kind: "lose-answer" }, probability: 0.2 },
  { ...commits, fault: { kind: "fail", code: ABORTED }, probability: 0.2 },
  { ...commits, fault: { kind: "fail", code: UNAVAILABLE }, probability: 0.2 },
  { ...commits, fault: { kind: "lose-answer" }, probability: 0.2 },
  { ...discordCalls, fault: { kind: "lose-answer" }, probability: 0.3 },
  { ...discordCalls, fault: { kind: "fail", code: 502 }, probability: 0.2 },
  { ...discordCalls, fault: { kind: "fail", code: 429, retryAfterMs: 0 }, probability: 0.2 },
  { target: "twitch", operation: /^GET/, fault: { kind: "fail", code: 500 }, probability: 0.1 },
];

const orderOf = async ({ id }: Order) =>
  (await cloud.firestore.doc(`orders/${id}`).get()).data() ?? {};

/** Every message that tells a buyer of an order, in DMs and in the order channel. */
function toldAbout({ id, buyerId }: Order): number {
  const said = [
    ...cloud.discord.dms(buyerId),
    ...cloud.discord.messages(community.ordersChannelId),
  ];
  return said.filter(({ content }) => content.includes(`\`${id}\``)).length;
}

/** What the builder reads in the end: the edited answer, or the DM that takes its place. */
function readsInTheEnd(builderId: string, interactionId: string): string {
  const original = cloud.discord.interaction(interactionId)?.original;
  const dms = cloud.discord
    .dms(builderId)
    .map((dm) => `${dm.content} ${dm.embeds[0]?.description}`);
  return [original?.content, original?.embeds[0]?.description, ...dms].join("\n");
}

describe("going live while everything that can go wrong does", () => {
  test.each([1, 2, 3])(
    "seed %i: each order is proved once, each buyer told once, each builder answered",
    async (number) => {
      const random = seededRandom(number);
      const [builder, other] = [await seed.builder(), await seed.builder()];
      const own = [
        await seed.order(builder.id),
        await seed.order(builder.id, { dmsClosed: true }),
        await seed.order(builder.id),
      ];
      const foreign = await seed.order(other.id);
      const shipped = await seed.order(builder.id, { fulfillment_status: "shipped" });
      const all = [...own, foreign, shipped].map(({ id }) => id);

      for (const rule of troubles) {
        if (random() < 0.6) cloud.faults.add(rule);
      }
      const uses = [
        { context: "orders", orders: all.join(",") },
        { context: "orders", orders: own.map(({ id }) => id).join(",") },
        { context: "drop" },
      ];
      const asked = [];
      for (const options of uses) {
        const { interactionId } = await goLive(cloud, builder.id, options);
        if (random() < 0.5) await repeatGoLive(cloud, interactionId, options);
        asked.push(interactionId);
      }
      await cloud.clock.advance(30_000);
      await cloud.settle();
      cloud.faults.clear();

      // Whom Twitch's or Pub/Sub's trouble kept from going live was told so, and asks again.
      const calm = await goLive(cloud, builder.id, uses[0] ?? {});
      asked.push(calm.interactionId);
      await atRest();

      for (const order of own) {
        expect(await orderOf(order)).toMatchObject({
          fulfillment_status: "building",
          twitch_vod_link: `https://www.twitch.tv/${builder.login}`,
        });
        expect(toldAbout(order)).toBe(1);
      }
      expect(await orderOf(foreign)).toMatchObject({ fulfillment_status: "paid" });
      expect(await orderOf(shipped)).toMatchObject({ fulfillment_status: "shipped" });
      expect(toldAbout(foreign) + toldAbout(shipped)).toBe(0);

      const kept = await cloud.firestore
        .collection("go_lives")
        .where("builder_id", "==", builder.id)
        .get();
      for (const goLiveKept of kept.docs) {
        const named = String(goLiveKept.get("context")).split(":")[1]?.split(",") ?? [];
        const outcomes = await goLiveKept.ref.collection("outcomes").get();
        expect(outcomes.docs.map(({ id }) => id).sort()).toEqual([...named].sort());
        for (const id of named) expect(readsInTheEnd(builder.id, goLiveKept.id)).toContain(id);
      }
      for (const id of asked) expect(readsInTheEnd(builder.id, id).trim()).not.toBe("");
      const drops = kept.docs.filter((goLiveKept) => goLiveKept.get("context") === "drop");
      const alerts = cloud.discord
        .messages(community.marketplaceChannelId)
        .filter(({ content }) => content.includes(builder.id));
      expect(alerts).toHaveLength(drops.length);
      expect((await cloud.firestore.collection("dead_letters").get()).size).toBe(0);
    },
    SECONDS_A_RUN * 1000,
  );
});

/** Lets the clock run on for an hour, as long as anything may still be on its way. */
async function atRest(): Promise<void> {
  for (const seconds of [...Array<number>(12).fill(10), ...Array<number>(12).fill(300)]) {
    await cloud.clock.advance(seconds * 1000);
    await cloud.settle();
  }
}
