import { community } from "../../local/community.ts";
import { press, useCommand } from "../people.ts";
import type { Deed, Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { type StoredOrder, storedOrders, stripeBooks } from "./books.ts";
import { marketOf } from "./market.ts";

/** What people do at a shop, and how often. */
export const shopDeeds: readonly Deed[] = [
  { name: "buy", weight: 30, isEssential: true, perform: buy },
  { name: "press Buy Now and leave", weight: 8, perform: pressBuyNow },
  { name: "press Buy Now twice", weight: 3, perform: pressTwice },
  { name: "press Buy Now all at once", weight: 4, perform: pressAllAtOnce },
  { name: "pay late, again or otherwise", weight: 8, perform: pay },
  { name: "the bank answers a debit", weight: 7, perform: settleBankDebit },
  { name: "give a reservation back", weight: 4, perform: giveBack },
  { name: "refund by command", weight: 9, perform: refund },
  { name: "refund in Stripe's dashboard", weight: 6, perform: refundInDashboard },
  { name: "open a dispute", weight: 4, perform: openDispute },
  { name: "close a dispute", weight: 4, perform: closeDispute },
  { name: "prove an order on stream", weight: 9, perform: proveOnStream },
  { name: "pay out to the bank", weight: 3, perform: payOut },
  {
    name: "wait for the end of a hold",
    weight: 4,
    perform: soonestHold,
    passesMs: untilHoldEnds,
  },
  {
    name: "somebody acts as a hold ends",
    weight: 3,
    perform: actAtHoldEnd,
    passesMs: async (stage) => {
      const untilMs = await untilHoldEnds(stage);
      return untilMs > 0 ? untilMs + 2 * BEFORE_MS : 0;
    },
  },
  { name: "somebody acts on a proved order", weight: 3, perform: actOnProof },
  { name: "discord refuses messages", weight: 0.5, perform: refuseMessages },
  { name: "restock", weight: 3, perform: (stage, pick) => changeDrop(stage, pick, { restock: 1 }) },
  {
    name: "close a drop",
    weight: 1,
    perform: (stage, pick) => changeDrop(stage, pick, { close: true }),
  },
  {
    name: "change a price",
    weight: 2,
    perform: (stage, pick) => changeDrop(stage, pick, { price: pick(["9.99", "12.34", "40"]) }),
  },
];

/** Someone who comes more often than the others, so that what one person does meets itself. */
function oneOfBuyers(stage: Stage, pick: Pick): string {
  const { buyers } = marketOf(stage);
  return pick([...buyers, ...buyers.slice(0, REGULARS).flatMap((buyer) => [buyer, buyer, buyer])]);
}

const REGULARS = 2;
/** How long people look at the page before they pay. */
const HESITATIONS_MS = [2_000, 9_000, 30_000, 120_000];

async function pressBuyButton(stage: Stage, buyer: string, dropId: string) {
  const { seen, presses } = marketOf(stage);
  const over = new Set([...seen].flatMap(([id, status]) => (OVER.includes(status) ? [id] : [])));
  const channelId = community.marketplaceChannelId;
  const post = stage.discord
    .messages(channelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const message = post?.id ?? "";
  const pressed = await press(stage, buyer, `drop-buy:${dropId}`, { channelId, message });
  presses.push({ id: pressed.id, buyer, dropId, over });
  return pressed;
}

const OVER = ["expired", "cancelled", "refunded", "charged_back"];

async function pressBuyNow(stage: Stage, pick: Pick): Promise<void> {
  await pressBuyButton(stage, oneOfBuyers(stage, pick), pick(marketOf(stage).drops));
}

async function pressTwice(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  await Promise.all([pressBuyButton(stage, buyer, dropId), pressBuyButton(stage, buyer, dropId)]);
}

async function pressAllAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, drops } = marketOf(stage);
  const dropId = pick(drops);
  await Promise.all(buyers.map((buyer) => pressBuyButton(stage, buyer, dropId)));
}

/** Presses Buy Now, and pays on the page that its answer leads to. */
async function buy(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  const hesitationMs = pick(HESITATIONS_MS);
  const { id } = await pressBuyButton(stage, buyer, dropId);
  await stage.cloud.clock.sleep(hesitationMs);
  const page = JSON.stringify(stage.discord.interaction(id)?.original?.components ?? []);
  const session = /cs_[A-Za-z0-9_]+/.exec(page)?.[0];
  if (session) stage.stripe.pay(session);
}

/** One of the orders in the first of these states that any is in. */
async function orderThatIs(stage: Stage, pick: Pick, ...statuses: string[]): Promise<StoredOrder> {
  const orders = await stage.aside(() => storedOrders(stage));
  const status = statuses.find((word) => orders.some((order) => order.status === word));
  return pick(orders.filter((order) => order.status === status));
}

async function chargeOf(stage: Stage, pick: Pick): Promise<string> {
  return (await paidOrder(stage, pick)).chargeId ?? "";
}

/** Rather one to which something happens already. */
async function paidOrder(stage: Stage, pick: Pick): Promise<StoredOrder> {
  const orders = await stage.aside(() => storedOrders(stage));
  const paid = orders.filter(({ chargeId }) => chargeId);
  const busy = paid.filter((order) => isBusy(order, stage.cloud.clock.nowMs()));
  return pick([...paid, ...busy, ...busy, ...busy]);
}

/** Its money moves, or is about to. */
function isBusy(order: StoredOrder, nowMs: number): boolean {
  const { refunded, refundRequested, dispute, hold, heldUntilMs } = order;
  const isEnding = hold === "held" && heldUntilMs !== undefined && heldUntilMs - nowMs < SOON_MS;
  const isMoving = refunded !== refundRequested || hold === "releasing" || hold === "ended";
  return isEnding || isMoving || dispute === "open";
}

const SOON_MS = 3_600_000;
/** So long before the end of a hold people come back. */
const BEFORE_MS = 5 * 60_000;

/** Fails where no money is held. */
async function soonestHold(stage: Stage, pick: Pick): Promise<void> {
  const untilMs = await stage.aside(() => untilHoldEnds(stage));
  pick(untilMs > 0 ? [untilMs] : []);
}

async function untilHoldEnds(stage: Stage): Promise<number> {
  const [first] = await endingHolds(stage);
  if (!first) return 0;
  return Math.max(0, first.heldUntilMs - BEFORE_MS - stage.cloud.clock.nowMs());
}

/** Whose money is held, the first to end first. */
async function endingHolds(stage: Stage) {
  const orders = await storedOrders(stage);
  return orders
    .flatMap(({ id, chargeId = "", hold, heldUntilMs }) =>
      hold === "held" && heldUntilMs !== undefined ? [{ id, chargeId, heldUntilMs }] : [],
    )
    .toSorted((one, other) => one.heldUntilMs - other.heldUntilMs);
}

/** Before the end, and after it. */
const AROUND_MS = [-90_000, -3_000, -1_000, -300, 0, 300, 700, 1_500, 4_000, 60_000];

async function actAtHoldEnd(stage: Stage, pick: Pick): Promise<void> {
  const first = pick((await stage.aside(() => endingHolds(stage))).slice(0, 1));
  const { clock } = stage.cloud;
  await clock.sleep(Math.max(0, first.heldUntilMs + pick(AROUND_MS) - clock.nowMs()));
  await actOn(stage, pick, first);
}

/** While the builder proves it, or soon after. */
async function actOnProof(stage: Stage, pick: Pick): Promise<void> {
  const { id, chargeId = "" } = await orderThatIs(stage, pick, "paid");
  const proving = useCommand(stage, marketOf(stage).builder, "c500 live", {
    context: `order:${id}`,
  });
  await stage.cloud.clock.sleep(pick([0, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000]));
  await actOn(stage, pick, { id, chargeId });
  await proving;
}

/** Staff or the buyer's bank take some of the money, or the builder gives it back. */
async function actOn(
  stage: Stage,
  pick: Pick,
  { id, chargeId }: { readonly id: string; readonly chargeId: string },
): Promise<void> {
  const what = pick(["dashboard", "dashboard", "dispute", "command"] as const);
  const amount = pick([undefined, 333]);
  if (what === "dashboard") stage.stripe.refundInDashboard(chargeId, { amount });
  else if (what === "dispute") stage.stripe.openDispute(chargeId);
  else {
    const options = { order: id, restock: pick([true, false]), ...(amount && { amount: "3.33" }) };
    await useCommand(stage, marketOf(stage).builder, "c500 refund", options);
  }
}

/** Those whose time is over try too. */
async function pay(stage: Stage, pick: Pick): Promise<void> {
  const order = await orderThatIs(stage, pick, "reserved", "expired", "cancelled");
  const how = pick(["card", "card", "card", "declined", "bank-debit"] as const);
  stage.stripe.pay(order.sessionId ?? "", how);
}

async function settleBankDebit(stage: Stage, pick: Pick): Promise<void> {
  const order = await orderThatIs(stage, pick, "processing");
  const outcome = pick(["succeeded", "succeeded", "failed"] as const);
  stage.stripe.settleBankDebit(order.sessionId ?? "", outcome);
}

async function giveBack(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await orderThatIs(stage, pick, "reserved");
  const message = stage.discord.interaction(id)?.original?.id ?? "";
  const channelId = community.marketplaceChannelId;
  await press(stage, buyer, `order-cancel:${id}`, { channelId, message });
}

async function refund(stage: Stage, pick: Pick): Promise<void> {
  const { id } = await paidOrder(stage, pick);
  const amount = pick([undefined, undefined, "0.01", "3.33", "10.01"]);
  const options = { order: id, restock: pick([true, false]), ...(amount && { amount }) };
  await useCommand(stage, marketOf(stage).builder, "c500 refund", options);
}

async function refundInDashboard(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.refundInDashboard(await chargeOf(stage, pick), {
    amount: pick([undefined, 1, 333, 700]),
    reverseTransfer: pick([true, false]),
    refundApplicationFee: pick([true, false]),
  });
}

async function openDispute(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.openDispute(await chargeOf(stage, pick));
}

async function closeDispute(stage: Stage, pick: Pick): Promise<void> {
  const { openDisputes } = await stage.aside(() => stripeBooks(stage));
  stage.stripe.closeDispute(pick(openDisputes).id, pick(["won", "lost"]));
}

async function proveOnStream(stage: Stage, pick: Pick): Promise<void> {
  const { id } = await orderThatIs(stage, pick, "paid");
  await useCommand(stage, marketOf(stage).builder, "c500 live", { context: `order:${id}` });
}

function payOut(stage: Stage): void {
  const market = marketOf(stage);
  market.paidOut += stage.stripe.payOut(market.account);
}

async function changeDrop(
  stage: Stage,
  pick: Pick,
  change: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  const { builder, drops } = marketOf(stage);
  await useCommand(stage, builder, "c500 drops", { drop: pick(drops), ...change });
}

/** To one buyer, for good, and not because their DMs are closed. */
function refuseMessages(stage: Stage, pick: Pick): void {
  const { buyers, unreachable } = marketOf(stage);
  if (!stage.swarm.kinds.has("discord refuses messages")) throw new Error("Not in this run.");
  const dms = buyers.flatMap((buyer) => {
    const [first] = stage.discord.dms(buyer);
    return first ? [{ buyer, channelId: first.channel_id }] : [];
  });
  const { buyer, channelId } = pick(dms);
  const operation = new RegExp(`^POST /channels/${channelId}/messages`);
  stage.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 403 } });
  unreachable.add(buyer);
  stage.faults.note("discord refuses messages");
}
