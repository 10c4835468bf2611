import { seededRandom } from "../../local/kit/faults.ts";
import { community } from "../support/cloud.ts";
import { attempt, draw, pickOf } from "./chance.ts";
import { type StoredOrder, storedOrders, stripeBooks } from "./shop-books.ts";
import { type Evening, letPass } from "./shop-evening.ts";

/** What somebody finds when they set out to do something, and chance. */
interface Scene {
  readonly evening: Evening;
  readonly orders: readonly StoredOrder[];
  /** One of them; undefined when there is none. */
  pick<T>(items: readonly T[]): T | undefined;
  /** One of the orders in the first of these states that any is in. */
  orderThatIs(...statuses: string[]): StoredOrder | undefined;
  /** One of the orders that were paid, whatever became of them. */
  paidOrder(): StoredOrder | undefined;
}

/** One thing that somebody does; it throws when Discord or Stripe would not let them. */
type Deed = (scene: Scene) => unknown;

/** Deeds that can happen at the same moment, and how often each is drawn. */
const deeds: readonly (readonly [weight: number, deed: Deed])[] = [
  [20, ({ evening, pick }) => pressBuyNow(evening, pick(evening.buyers), pick(evening.drops))],
  [34, pay],
  [7, settleBankDebit],
  [5, giveBack],
  [10, refund],
  [7, refundInDashboard],
  [4, ({ evening, paidOrder }) => evening.cloud.stripe.openDispute(paidOrder()?.chargeId ?? "")],
  [4, closeDispute],
  [9, proveOnStream],
  [3, payOut],
  [3, ({ evening, pick }) => changeDrop(evening, pick(evening.drops), { restock: 1 })],
  [1, ({ evening, pick }) => changeDrop(evening, pick(evening.drops), { close: true })],
  [2, changePrice],
];

const CROWD = 3;
const MINUTE_MS = 60_000;
/** Pub/Sub delivers again after five seconds. */
const SHORTLY_MS = 10_000;
const DAY_MINUTES = 24 * 60;
const LEAPS = [1, 1, 10, 40, 4 * DAY_MINUTES];

/** One moment of the evening: somebody does something, or some at once, or time passes. */
export async function liveAMoment(evening: Evening, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const orders = await storedOrders(evening.cloud);
  const chance = random();
  if (chance < 0.06) return letPass(evening, pickOf(LEAPS, random) ?? 1);
  if (chance < 0.1) return payInTheLastMinute(sceneOf(evening, orders, random));
  const crowd = random() < 0.5 ? CROWD : 1;
  await Promise.all(
    Array.from({ length: crowd }, () => {
      const deed = draw(deeds, random);
      return attempt(() => deed(sceneOf(evening, orders, seededRandom(random() * 2 ** 32))));
    }),
  );
  if (random() < 0.6) await evening.cloud.settle();
  if (random() < 0.3) await evening.cloud.clock.advance(SHORTLY_MS);
}

function sceneOf(evening: Evening, orders: readonly StoredOrder[], random: () => number): Scene {
  const pick: Scene["pick"] = (items) => pickOf(items, random);
  return {
    evening,
    orders,
    pick,
    orderThatIs: (...statuses) => {
      const found = statuses.map((word) => pick(orders.filter(({ status }) => status === word)));
      return found.find((order) => order !== undefined);
    },
    paidOrder: () => pick(orders.filter(({ chargeId }) => chargeId)),
  };
}

function pressBuyNow({ people }: Evening, buyer = "", dropId = ""): unknown {
  return people.press(buyer, dropId);
}

/** Those whose time is over try too. */
function pay({ evening, pick, orderThatIs }: Scene): void {
  const order = orderThatIs("reserved", "expired", "cancelled");
  const how = pick(["card", "card", "card", "declined", "bank-debit"] as const);
  evening.cloud.stripe.pay(order?.sessionId ?? "", how);
}

/** The page closes as someone pays on it. */
async function payInTheLastMinute({ evening, orderThatIs }: Scene): Promise<void> {
  const { cloud } = evening;
  const order = orderThatIs("reserved");
  if (!order?.sessionId) return;
  const leftMs = order.endsAtMs - cloud.clock.nowMs();
  await letPass(evening, (leftMs - MINUTE_MS) / MINUTE_MS);
  const time = cloud.clock.advance(2 * MINUTE_MS);
  await attempt(() => cloud.stripe.pay(order.sessionId ?? ""));
  await time;
  await cloud.settle();
}

function settleBankDebit({ evening, pick, orderThatIs }: Scene): void {
  const outcome = pick(["succeeded", "succeeded", "failed"] as const) ?? "failed";
  evening.cloud.stripe.settleBankDebit(orderThatIs("processing")?.sessionId ?? "", outcome);
}

function giveBack({ evening, orderThatIs }: Scene): unknown {
  const { cloud } = evening;
  const order = orderThatIs("reserved");
  const message = cloud.discord.interaction(order?.id ?? "")?.original?.id ?? "";
  const channelId = community.marketplaceChannelId;
  const press = {
    user: order?.buyer ?? "",
    channelId,
    message,
    customId: `order-cancel:${order?.id}`,
  };
  return cloud.discord.client.component(cloud.url("discord-interactions"), press);
}

function refund({ evening, pick, paidOrder }: Scene): unknown {
  const amount = pick([undefined, undefined, "0.01", "3.33", "10.01"]);
  const restock = pick([true, false]) ?? false;
  const order = paidOrder()?.id ?? "none";
  return use(evening, "c500 refund", { order, restock, ...(amount && { amount }) });
}

function refundInDashboard({ evening, pick, paidOrder }: Scene): void {
  const amount = pick([undefined, 1, 333, 700]);
  const reverseTransfer = pick([true, false]);
  const refundApplicationFee = pick([true, false]);
  const options = { amount, reverseTransfer, refundApplicationFee };
  evening.cloud.stripe.refundInDashboard(paidOrder()?.chargeId ?? "", options);
}

async function closeDispute({ evening, pick }: Scene): Promise<void> {
  const { openDisputes } = await stripeBooks(evening.cloud);
  evening.cloud.stripe.closeDispute(pick(openDisputes)?.id ?? "", pick(["won", "lost"]) ?? "won");
}

function proveOnStream({ evening, orderThatIs }: Scene): unknown {
  return use(evening, "c500 live", { context: `order:${orderThatIs("paid")?.id}` });
}

function payOut({ evening }: Scene): void {
  evening.paidOut += evening.cloud.stripe.payOut(evening.account);
}

function changePrice({ evening, pick }: Scene): unknown {
  return changeDrop(evening, pick(evening.drops), { price: pick(["9.99", "12.34", "40"]) ?? "1" });
}

function changeDrop(
  evening: Evening,
  drop = "",
  change: Readonly<Record<string, string | number | boolean>> = {},
): unknown {
  return use(evening, "c500 drops", { drop, ...change });
}

/** The builder runs a command and does not wait for its answer. */
function use(
  { cloud, builder }: Evening,
  name: string,
  options: Readonly<Record<string, string | number | boolean>>,
): unknown {
  const command = { user: builder.id, channelId: community.generalChannelId, name, options };
  return cloud.discord.client.command(cloud.url("discord-interactions"), command);
}
