import { addBuilder, addPerson, openDrop, shipForNothing } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Scenario } from "../scenario.ts";
import { type Air, airOf, type Broadcast, endStream, nothingSeen } from "./air.ts";
import { checkLiveRest } from "./checks/rest.ts";
import { checkLiveStep } from "./checks/step.ts";
import { buyFrom, commandActions } from "./commands.ts";
import { decidingActions } from "./deciding.ts";
import { leavingActions } from "./leaving.ts";
import { moderatingActions } from "./moderating.ts";
import { registeringActions } from "./registering.ts";
import { streamingActions } from "./streaming.ts";

const MANAGE_SERVER = "32";
const BUILDERS = 2;
/** How many of each builder's drop are sold before the simulation begins. */
const SOLD = 2;

/**
 * Builders who go live and prove orders, people who become builders or hosts, and people who leave.
 */
export const live: Scenario = {
  name: "live",
  actions: [
    ...streamingActions,
    ...commandActions,
    ...registeringActions,
    ...decidingActions,
    ...leavingActions,
    ...moderatingActions,
  ],
  checkStep: checkLiveStep,
  checkRest: checkLiveRest,
  async prepare(stage) {
    const air = await gather(stage);
    stage.memory.set("air", air);
    stage.watchLog((line) => {
      if (!line.includes("A limit could not be checked")) return;
      air.seen.uncounted.add((JSON.parse(line) as { limit: string }).limit);
    });
    await sell(stage);
    await giveWallets(stage, [...air.candidates, ...air.guests]);
    const [first] = air.channels;
    if (first) endStream(stage, first);
    await stage.settle();
  },
};

async function gather(stage: Stage): Promise<Air> {
  const { discord, twitch } = stage;
  const staff = ["300000000000000030", "300000000000000031"];
  for (const id of staff) {
    discord.addUser({ id, username: `staff_${id.slice(-2)}`, permissions: MANAGE_SERVER });
  }
  const builders: string[] = [];
  const drops: string[] = [];
  for (let number = 1; number <= BUILDERS; number += 1) {
    const builder = await addBuilder(stage, number, `builder_${number}`);
    await shipForNothing(stage, builder);
    builders.push(builder);
    drops.push(await openDrop(stage, builder, { payment: "held", quantity: "9", limit: 9 }));
  }
  const spare = ["spare_1", "spare_2"].map((login, index) => ({ id: `90000${7 + index}`, login }));
  for (const channel of spare) twitch.addUser(channel);
  const shy = "300000000000000022";
  discord.addUser({ id: shy, username: "shy_buyer", dmsClosed: true });
  const several = (count: number, from: number, name: string) =>
    Array.from({ length: count }, (_, index) => addPerson(stage, from + index, `${name}_${index}`));
  const candidates = several(3, 10, "candidate");
  const buyers = [...several(2, 20, "buyer"), shy];
  const guests = several(2, 40, "guest");
  const stored = await stage.database.collection("builders").get();
  const ofBuilders = stored.docs.map((builder) => ({
    id: String(builder.get("twitch_user_id")),
    login: String(builder.get("twitch_username")),
  }));
  return {
    staff,
    builders,
    drops,
    candidates,
    buyers,
    guests,
    names: new Map([
      ...builders.map((id, index) => [id, `builder_${index + 1}`] as const),
      ...candidates.map((id, index) => [id, `candidate_${index}`] as const),
      ...buyers.map((id, index) => [id, `buyer_${index}`] as const),
      ...guests.map((id, index) => [id, `guest_${index}`] as const),
      [shy, "shy_buyer"],
    ]),
    channels: [...ofBuilders, ...spare],
    broadcasts: broadcastsOf(stage, ofBuilders),
    typed: [],
    links: [],
    codes: [],
    breaches: [],
    forged: new Set(),
    actsMs: new Map(),
    deleted: new Map(),
    refusing: new Set(),
    closedDms: new Set([shy]),
    pressed: new Map(),
    buttons: new Map(),
    seen: nothingSeen(),
  };
}

/** Streams that have already begun: an added builder is live. */
function broadcastsOf(
  { twitch }: Stage,
  channels: readonly { readonly id: string; readonly login: string }[],
): Broadcast[] {
  return twitch.events().flatMap((event): Broadcast[] => {
    if (event.kind !== "stream-started") return [];
    const channelId = channels.find(({ login }) => login === event.login)?.id ?? "";
    return [{ id: event.streamId, channelId, startedAtMs: event.atMs, endedAtMs: undefined }];
  });
}

/** Adds wallets as payouts leave them. */
async function giveWallets({ database }: Stage, users: readonly string[]): Promise<void> {
  for (const user of users) await database.collection("wallets").doc(user).set({ commands: [] });
}

/** Sells orders through the shop, and adds a finished one each in the format of older orders. */
async function sell(stage: Stage): Promise<void> {
  const { builders, buyers, drops } = airOf(stage);
  for (const [index, builder] of builders.entries()) {
    const purchases = Array.from({ length: SOLD }, (_, number) =>
      buyFrom(stage, buyers.at(-1 - number) ?? "", drops[index] ?? ""),
    );
    await stage.cloud.clock.advance(60_000);
    await Promise.all(purchases);
    for (const status of ["paid", "shipped"]) {
      const order = { buyer_id: buyers[1], builder_id: builder, fulfillment_status: status };
      await stage.database.collection("orders").doc(`cs_${status}_${index}`).set(order);
    }
  }
  await stage.settle();
}
