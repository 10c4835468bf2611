import { deserialize, serialize } from "node:v8";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { CloudOptions } from "../../../local/cloud/cloud.ts";
import { type Ports, portNames } from "../../../local/cloud/ports.ts";
import { startControl } from "../../../local/control/control.ts";
import { PersistentState, StateFormatError } from "../../../local/kit/persistent-state.ts";
import type { Timestamp } from "../../../shared/ports/database.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { racers } from "../../support/races/races.ts";
import { shoppers } from "../../support/shop/shop.ts";

const LONG_MS = 120_000;
const HOUR_MS = 3_600_000;
const projectId = "persistent-state";

let cloud: TestCloud | undefined;
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
});

/** The ports that a first run got, so that a second one has the same addresses. */
function portsOf({ settings, functions, shops }: TestCloud): Ports {
  const at = (address: string | undefined) => Number(address?.split(":").at(-1)?.split("/")[0]);
  const ports = {
    control: 0,
    site: at(settings.PUBLIC_SITE_URL),
    functions: at(functions.url),
    discord: at(settings.DISCORD_API_BASE_URL),
    stripe: at(settings.STRIPE_API_BASE_URL),
    twitch: at(settings.TWITCH_API_BASE_URL),
    shops: at(shops.url),
    firestore: at(settings.FIRESTORE_EMULATOR_HOST),
    firestoreAdmin: at(settings.FIRESTORE_ADMIN_EMULATOR_HOST),
    pubsub: at(settings.PUBSUB_EMULATOR_HOST),
    tasks: at(settings.CLOUD_TASKS_EMULATOR_HOST),
    upstash: at(settings.UPSTASH_REDIS_REST_URL),
    secrets: at(settings.SECRET_MANAGER_EMULATOR_HOST),
    run: at(functions.runUrl),
    project: at(settings.CLOUD_QUOTAS_EMULATOR_HOST),
    upstashAccount: at(settings.UPSTASH_MANAGEMENT_URL),
  };
  expect(Object.keys(ports).toSorted()).toEqual([...portNames].toSorted());
  return ports;
}

const start = (options: CloudOptions) =>
  startTestCloud({
    ...options,
    onSockets: true,
    redisEngine: "embedded",
    projectId,
    environment: {},
  });

/** Ends a run at once, as a kill does, and starts the next with what was saved before. */
async function restarted(
  running: TestCloud,
  state: PersistentState,
  bytes: Buffer = state.snapshot(),
): Promise<TestCloud> {
  const ports = portsOf(running);
  await running.stop();
  return start({ state: new PersistentState(bytes), ports });
}

describe("a local cloud that is started again", () => {
  test(
    "continues in every service: a drop is still sold, its reservation ends, its money is released",
    async () => {
      const state = new PersistentState();
      cloud = await start({ state });
      const before = shoppers(cloud);
      const builder = await before.builder({ isLive: true });
      const dropId = await before.drop(builder.id, { payment: "held", quantity: "2" });
      const { orderId, buyer } = await before.purchase(dropId);
      const other = before.person();
      const reserved = await before.buyNow(other, dropId);
      const messages = before.messagesTo(buyer);
      const keys = cloud.settings.DISCORD_PUBLIC_KEY;

      cloud = await restarted(cloud, state);
      const after = shoppers(cloud);
      expect(cloud.settings.DISCORD_PUBLIC_KEY).toBe(keys);
      expect(after.messagesTo(buyer)).toEqual(messages);
      expect(await after.stock(dropId)).toEqual({ free: 0, reserved: 1, sold: 1 });
      expect(cloud.twitch.subscriptions()).toHaveLength(2);
      // The reservation's task and Stripe's page were waiting for their time.
      await after.pass(60);
      expect(await after.stock(dropId)).toEqual({ free: 1, reserved: 0, sold: 1 });
      expect((await after.order(reserved.interactionId))["fulfillment_status"]).toBe("expired");
      const { embeds } = await after.proveOnStream(builder.id, orderId);
      expect(embeds).toContain("on the workbench");
      await after.pass(1);
      const account = await after.accountOf(builder.id);
      expect(cloud.stripe.balances().accounts[account]?.["usd"]).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  test(
    "delivers pending messages, and the clock is as far advanced as it was",
    async () => {
      const state = new PersistentState();
      cloud = await start({ state });
      const before = shoppers(cloud);
      const builder = await before.builder();
      const dropId = await before.drop(builder.id, { quantity: "1" });
      const session = before.sessionOf(await before.buyNow(before.person(), dropId));
      await before.pass(10);
      const fault = { kind: "fail", code: 500 } as const;
      cloud.faults.add({ target: "pubsub", operation: /^deliver order-payment/, fault });
      cloud.stripe.pay(session);
      await cloud.settle();
      expect(await before.stock(dropId)).toEqual({ free: 0, reserved: 1, sold: 0 });
      const nowMs = cloud.clock.nowMs();

      cloud = await restarted(cloud, state);
      expect(cloud.clock.nowMs()).toBeGreaterThanOrEqual(nowMs);
      await cloud.settle();
      expect(await shoppers(cloud).stock(dropId)).toEqual({ free: 0, reserved: 0, sold: 1 });
      const orders = await cloud.firestore.collection("orders").get();
      expect(orders.docs.map((order) => order.get("fulfillment_status"))).toEqual(["paid"]);
      expect(cloud.discord.messages(community.marketplaceChannelId)).toHaveLength(1);
    },
    LONG_MS,
  );
});

/** Moves the clock on as people do: on the page of `./dev up`. Gives the snapshot that this keeps. */
async function advanceByHand(
  running: TestCloud,
  state: PersistentState,
  ms: number,
): Promise<Buffer> {
  let kept: Buffer | undefined;
  const save = () => {
    kept = state.snapshot();
  };
  const control = await startControl({ ...running, save });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ ms });
  await fetch(`${control.url}/clock/advance`, { method: "POST", headers, body });
  await control.stop();
  if (!kept) throw new Error("Nothing was kept.");
  return kept;
}

/** What is left in the file when the machine's own clock was set back by an hour between two runs. */
function asIfSetBack(bytes: Buffer): Buffer {
  const saved = deserialize(bytes) as { parts: { clock: { offsetMs: number } } };
  saved.parts.clock.offsetMs -= HOUR_MS;
  return serialize(saved);
}

describe("a clock that was advanced by hand", () => {
  const soldAtMs = async (running: TestCloud): Promise<number[]> => {
    const { docs } = await running.firestore.collection("sales").get();
    return docs.map((sale) => (sale.get("sold_at") as Timestamp).toMillis());
  };

  test.each([
    ["goes on from there", (bytes: Buffer) => bytes],
    ["goes on from there, also where the machine's clock was set back", asIfSetBack],
  ])(
    "%s after a restart: no sale is in the future, and the race that it is of shares the next one too",
    async (_name, between) => {
      const state = new PersistentState();
      cloud = await start({ state });
      const before = racers(cloud, shoppers(cloud));
      const bytes = await advanceByHand(cloud, state, 24 * HOUR_MS);
      expect(bytes.length).toBeGreaterThan(0);
      const lobby = await before.racing(2);
      await before.sell(lobby, 1000);
      const endedMs = cloud.clock.nowMs();
      const kept = between(await advanceByHand(cloud, state, 60_000));

      cloud = await restarted(cloud, state, kept);
      expect(cloud.clock.nowMs()).toBeGreaterThanOrEqual(endedMs + 60_000);
      for (const atMs of await soldAtMs(cloud)) expect(atMs).toBeLessThan(cloud.clock.nowMs());
      cloud.shops.kofi.sell({ type: "Shop Order", amount: 1000, lobby: lobby.id });
      await cloud.settle();
      const after = racers(cloud, shoppers(cloud));
      const { embeds } = await after.command(lobby.host, lobby.channelId, "race report", {
        lobby: lobby.id,
      });
      expect(embeds).toContain("**$4.00**");
    },
    LONG_MS,
  );
});

describe("what was kept", () => {
  test("is refused when another version wrote it", () => {
    expect(() => new PersistentState(Buffer.from("no state"))).toThrow(StateFormatError);
  });

  test("is read as of one moment, with what two parts share shared again", () => {
    const state = new PersistentState();
    const shared = { n: 1 };
    state.maps("a", { one: new Map([["x", shared]]), two: new Map([["y", shared]]) });
    const bytes = state.snapshot();
    shared.n = 2;
    const [one, two] = [new Map<string, object>(), new Map<string, object>()];
    new PersistentState(bytes).maps("a", { one, two });
    expect(one.get("x")).toEqual({ n: 1 });
    expect(one.get("x")).toBe(two.get("y"));
  });
});
