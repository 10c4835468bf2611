import { expect, test } from "@jest/globals";
import { people } from "../../../local/demo/cast.ts";
import { timeIn } from "../../../local/demo/fields.ts";
import { setUpScene, stagedScenes } from "../../../local/demo/staged/index.ts";
import { registerCommands } from "../../../tools/setup/register-commands.ts";
import { community, useCloud } from "../../support/cloud.ts";

// As in ./dev up: the team approves each builder.
const cloud = await useCloud({ environment: { BUILDER_APPROVAL: "staff" } });
const { firestore } = cloud;
await registerCommands({
  apiBaseUrl: cloud.settings["DISCORD_API_BASE_URL"] ?? "",
  applicationId: community.applicationId,
  botToken: cloud.settings["DISCORD_BOT_TOKEN"] ?? "",
  guildId: community.guildId,
  fetch: cloud.fetch,
});
const stage = { ...cloud, cloud };
const SEED = 7;

const stored = async (collection: string, field: string, value: string) => {
  const { docs } = await firestore.collection(collection).where(field, "==", value).get();
  return docs.map((each) => each.data());
};

/** What each scene leaves. */
const states: Readonly<Record<string, () => Promise<void>>> = {
  drop: async () => {
    const drops = await stored("inventory", "builder_id", people.mina);
    expect(drops.at(-1)).toMatchObject({ is_closed: false });
    const orders = await stored("orders", "builder_id", people.mina);
    expect(orders.map((order) => order["fulfillment_status"]).sort()).toEqual(["paid", "reserved"]);
  },
  auction: async () => {
    const [live, ...others] = await stored("auctions", "state", "live");
    expect(others).toEqual([]);
    const leftMs = Number(timeIn(live?.["ends_at"])) - cloud.clock.nowMs();
    expect(leftMs).toBeLessThanOrEqual(60_000);
    expect(leftMs).toBeGreaterThan(20_000);
    expect(live?.["bidder_count"]).toBeGreaterThanOrEqual(2);
  },
  race: async () => {
    const racing = await stored("lobbies", "state", "racing");
    expect(racing).toHaveLength(1);
    const postings = await firestore.collectionGroup("postings").count().get();
    expect(postings.data().count).toBeGreaterThan(0);
  },
  packing: async () => {
    const paid = await stored("orders", "fulfillment_status", "paid");
    const last = Map.groupBy(paid, (order) => order["drop_id"] ?? order["inventory_id"]);
    expect([...last.values()].some(({ length }) => length === 10)).toBe(true);
  },
};

test.each(stagedScenes.map(({ name }) => name))("the scene %s ends in its state", async (name) => {
  const once = await setUpScene(stage, { name, seed: SEED });
  await states[name]?.();
  expect(once.links.length).toBeGreaterThan(1);
});

/** What was drawn, without what only a new builder does. */
const drawn = (lines: readonly string[]) =>
  lines.filter((line) => /^the |presses|bid|sells|chooses/.test(line));

test.each(stagedScenes.map(({ name }) => name))(
  "the scene %s has the details of its seed, on a used cloud too",
  async (name) => {
    const again = drawn((await setUpScene(stage, { name, seed: SEED })).lines);
    expect(drawn((await setUpScene(stage, { name, seed: SEED })).lines)).toEqual(again);
    expect(drawn((await setUpScene(stage, { name, seed: SEED + 1 })).lines)).not.toEqual(again);
  },
);
