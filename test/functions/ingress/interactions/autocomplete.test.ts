import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { registerCommands } from "../../../../tools/setup/register-commands.ts";
import { ENGINES } from "../../../local/upstash/engines.ts";
import {
  type Builder,
  community,
  seeder,
  startTestCloud,
  type TestCloud,
} from "../../../support/cloud.ts";
import { googleFirestoreHost } from "../../../support/google/emulators.ts";

/** How long the choices may take. */
const DEADLINE_MS = 2000;

describe.each(ENGINES)("autocomplete of orders, with Redis as %s", (redisEngine) => {
  let cloud: TestCloud;
  let seed: ReturnType<typeof seeder>;
  let builder: Builder;

  beforeAll(async () => {
    cloud = await startTestCloud({ redisEngine });
    seed = seeder(cloud);
    await registerCommands({
      apiBaseUrl: cloud.settings.DISCORD_API_BASE_URL ?? "",
      applicationId: community.applicationId,
      botToken: cloud.settings.DISCORD_BOT_TOKEN ?? "",
      guildId: community.guildId,
      fetch: cloud.fetch,
    });
  });
  afterAll(() => cloud.stop());
  beforeEach(async () => {
    cloud.faults.clear();
    builder = await seed.builder({ isLive: false });
  });

  /** The choices offered to a user who has typed this much. */
  async function offered(
    typed: string,
    user = builder.id,
  ): Promise<{ name: string; value: string }[]> {
    const { response, failure } = await cloud.discord.client.autocomplete(
      cloud.url("discord-interactions"),
      {
        user,
        channelId: community.generalChannelId,
        name: "c500 live",
        options: { context: "orders", orders: typed },
        focused: "orders",
      },
    );
    expect(failure).toBeUndefined();
    return response?.type === 8 ? (response.data.choices as { name: string; value: string }[]) : [];
  }
  const values = async (typed: string) => (await offered(typed)).map(({ value }) => value).sort();

  test("offers the builder's own open orders and no one else's", async () => {
    const other = await seed.builder({ isLive: false });
    const paid = await seed.order(builder.id, { title: "Cozy 65" });
    const building = await seed.order(builder.id, { fulfillment_status: "building" });
    await seed.order(builder.id, { fulfillment_status: "shipped" });
    await seed.order(other.id);
    const choices = await offered("");
    expect(choices.map(({ value }) => value).sort()).toEqual([paid.id, building.id].sort());
    expect(choices).toContainEqual({ name: `${paid.id} · Cozy 65 · paid`, value: paid.id });
  });

  test("filters by what is typed, ignoring case", async () => {
    const one = await seed.order(builder.id, { title: "Tofu 60" });
    await seed.order(builder.id, { title: "Brutalist 40" });
    expect(await values("TOFU")).toEqual([one.id]);
  });

  test("completes the last of several ids and leaves out those already named", async () => {
    const [one, two] = [await seed.order(builder.id), await seed.order(builder.id)];
    expect(await values(`${one.id}, `)).toEqual([`${one.id},${two.id}`]);
  });

  test("offers at most 25, each within Discord's hundred characters", async () => {
    const title = "t".repeat(120);
    await Promise.all(Array.from({ length: 30 }, () => seed.order(builder.id, { title })));
    const choices = await offered("");
    expect(choices).toHaveLength(25);
    expect(choices.every(({ name }) => name.length <= 100)).toBe(true);
  });

  test("of more than a hundred orders offers the newest ones first", async () => {
    const batch = cloud.firestore.batch();
    // Ids are random in production: here the newest order has the last one.
    const ids = Array.from({ length: 130 }, (_, index) => `cs_many_${builder.id}_${1000 + index}`);
    for (const [index, id] of ids.entries()) {
      const paid_at = new Date(Date.UTC(2026, 0, 1) + index * 60_000);
      const people = { builder_id: builder.id, buyer_id: "200000000000000001" };
      const order = { ...people, fulfillment_status: "paid", paid_at };
      batch.set(cloud.firestore.doc(`orders/${id}`), order);
    }
    await batch.commit();
    const choices = await offered("");
    expect(choices.map(({ value }) => value)).toEqual(ids.toReversed().slice(0, 25));
  });

  test.each([
    ["upstash" as const, { kind: "fail" as const, code: 500 }],
    ["upstash" as const, { kind: "drop" as const }],
  ])("works without %s when it fails (%o)", async (target, fault) => {
    const order = await seed.order(builder.id);
    cloud.faults.add({ target, fault });
    expect(await values("")).toEqual([order.id]);
  });

  // Google's emulator cannot inject faults.
  if (googleFirestoreHost) return;

  test("asks Redis, not Firestore, while someone types", async () => {
    const first = await seed.order(builder.id);
    expect(await values("")).toEqual([first.id]);
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    expect(await values("c")).toEqual([first.id]);
  });

  test("is empty in time when Firestore hangs", async () => {
    await seed.order(builder.id);
    const fault = { kind: "delay" as const, ms: 20_000 };
    cloud.faults.add({ target: "firestore", operation: /^RunQuery$/, fault, times: 1 });
    const found = values("");
    // A used fault is no longer planned.
    while (cloud.faults.rules().length > 0) await setImmediate();
    await cloud.clock.advance(DEADLINE_MS);
    expect(await found).toEqual([]);
    await cloud.clock.advance(20_000);
    expect(await values("")).toHaveLength(1);
  });

  test("is empty, not broken, when Firestore fails too", async () => {
    await seed.order(builder.id);
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
    expect(await values("")).toEqual([]);
  });
});
