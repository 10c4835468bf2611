import { Firestore } from "@google-cloud/firestore";
import { type Cloud, startCloud } from "../local/cloud/cloud.ts";
import { community } from "../local/cloud/community.ts";
import { Network } from "../local/kit/http/network.ts";
import { median } from "./ratio.ts";

/** A number of buyers and the drop's stock. */
interface Crowd {
  readonly stock: number;
  readonly buyers: number;
}

/** Groups of crowds; the first of each is the baseline of the others. */
const FAMILIES: readonly { readonly title: string; readonly crowds: readonly Crowd[] }[] = [
  {
    title: "ten units, increasing number of buyers",
    crowds: [
      { stock: 10, buyers: 50 },
      { stock: 10, buyers: 100 },
      { stock: 10, buyers: 200 },
      { stock: 10, buyers: 500 },
    ],
  },
  {
    title: "a unit for everyone, increasing numbers of both",
    crowds: [
      { stock: 50, buyers: 50 },
      { stock: 100, buyers: 100 },
      { stock: 200, buyers: 200 },
    ],
  },
];
const ROUNDS = 3;
/**
 * The duration of each Firestore call by the local clock; typical for a function in the same
 * region.
 */
const FIRESTORE_MS = 12;
const BUILDER = "700000000000000000";

/**
 * Measures how long it takes until everyone who pressed Buy Now at the same moment has their
 * answer, through the whole local cloud in this process: signed interaction, Pub/Sub, reservation,
 * Checkout Session, edited answer. Prints how the processor time per press grows, and when the last
 * buyer had the answer by the local clock. The clock is frozen except for Firestore's delays and
 * awaited work, so this time shows contention.
 */
export async function benchBuyNow(print: (line: string) => void): Promise<void> {
  print(`Buy Now on one drop, ${ROUNDS} alternating rounds of each crowd…`);
  const cloud = await startCloud({ network: new Network() });
  const firestore = new Firestore({ projectId: cloud.settings.GOOGLE_CLOUD_PROJECT ?? "" });
  try {
    await seedBuilder(cloud, firestore);
    await pressAll(cloud, firestore, { stock: 10, buyers: 50 });
    for (const { title, crowds } of FAMILIES) {
      const measured = crowds.map((crowd) => ({
        crowd,
        times: [] as number[],
        waits: [] as number[],
      }));
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const { crowd, times, waits } of measured) {
          const { pressMs, waitedMs } = await pressAll(cloud, firestore, crowd);
          times.push(pressMs);
          waits.push(waitedMs);
        }
      }
      print(`  ${title}:`);
      print(
        "    stock   buyers   presses/s   one press, compared with the first   last answer by the clock",
      );
      const first = median(measured[0]?.times ?? []);
      for (const { crowd, times, waits } of measured) {
        const seconds = (median(waits) / 1000).toFixed(1);
        print(`${rowOf(crowd, median(times), first)}${`${seconds} s`.padStart(52)}`);
      }
    }
  } finally {
    await firestore.terminate();
    await cloud.stop();
  }
}

function rowOf({ stock, buyers }: Crowd, pressMs: number, firstMs: number): string {
  const perSecond = (1000 / pressMs).toFixed(0);
  const ratio = (pressMs / firstMs).toFixed(2);
  return `${String(stock).padStart(9)}${String(buyers).padStart(9)}${perSecond.padStart(12)}${ratio.padStart(12)}`;
}

async function seedBuilder(
  { discord, functions, settle }: Cloud,
  firestore: Firestore,
): Promise<void> {
  discord?.addUser({ id: BUILDER, username: "builder" });
  await firestore.doc(`builders/${BUILDER}`).set({
    twitch_username: "builder",
    standing: "approved",
    stripe_account_id: "acct_bench",
    stripe_account_state: "ACTIVE",
  });
  await discord?.client.command(`${functions.url}/discord-interactions`, {
    user: BUILDER,
    channelId: community.generalChannelId,
    name: "c500 shipping",
    options: { from: "US", home: "0", world: "0" },
  });
  await settle();
}

let people = 0;

/**
 * Lets a new crowd press at the same moment. Returns the average milliseconds per press, and the
 * milliseconds of the local clock until the last answer.
 */
async function pressAll(
  cloud: Cloud,
  firestore: Firestore,
  crowd: Crowd,
): Promise<{ pressMs: number; waitedMs: number }> {
  const { discord, clock, faults } = cloud;
  if (!discord) throw new Error("The benchmark needs the Discord simulator.");
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const dropId = await openDrop(cloud, crowd.stock);
  const post = discord
    .messages(community.marketplaceChannelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const buyers = Array.from({ length: crowd.buyers }, () => {
    people += 1;
    const id = `71${String(people).padStart(16, "0")}`;
    discord.addUser({ id, username: `buyer_${people}` });
    return id;
  });

  faults.add({ target: "firestore", fault: { kind: "delay", ms: FIRESTORE_MS } });
  const startedMs = performance.now();
  const beganAtMs = clock.nowMs();
  const press = (user: string) =>
    discord.client.component(endpoint, {
      user,
      channelId: community.marketplaceChannelId,
      message: post?.id ?? "",
      customId: `drop-buy:${dropId}`,
    });
  await Promise.all(buyers.map(press));
  await cloud.settle();
  const elapsedMs = performance.now() - startedMs;
  const waitedMs = clock.nowMs() - beganAtMs;
  faults.clear();

  const units = firestore.collection(`inventory/${dropId}/units`);
  const reserved = (await units.where("state", "==", "reserved").count().get()).data().count;
  const expected = Math.min(crowd.stock, crowd.buyers);
  if (reserved !== expected) throw new Error(`${reserved} units are reserved, not ${expected}.`);
  return { pressMs: elapsedMs / crowd.buyers, waitedMs };
}

async function openDrop({ discord, functions, settle }: Cloud, stock: number): Promise<string> {
  if (!discord) throw new Error("The benchmark needs the Discord simulator.");
  const endpoint = `${functions.url}/discord-interactions`;
  const asked = await discord.client.command(endpoint, {
    user: BUILDER,
    channelId: community.generalChannelId,
    name: "c500 drop",
    options: { payment: "held" },
  });
  const values = { title: "Weight", price: "5", quantity: String(stock), description: "" };
  const { id } = await discord.client.modalSubmit(endpoint, { of: asked.id, values });
  await settle();
  return id;
}
