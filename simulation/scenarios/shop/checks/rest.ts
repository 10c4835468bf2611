import { community } from "../../../../local/cloud/community.ts";
import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { openDeadLetters } from "../../../operators.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { howManyUnder } from "../choosing.ts";
import { marketOf } from "../market.ts";
import { checkWaiting } from "../waiting.ts";
import { type StoredOrder, storedOrders, storedRefunds, stripeBooks } from "./books.ts";
import { checkEvents, checkOpenings, checkPosts, checkRestocks } from "./drop.ts";
import { checkShopMessages } from "./message.ts";
import { checkShopMoney } from "./money.ts";

const HOUR_MS = 3_600_000;
/** An interaction's id; other refund ids are words or Stripe's ids. */
const TYPED = /^\d+$/;
/** Autocomplete must answer within this time. */
const TYPING_MS = 5_000;
/** How long a unit is reserved for somebody who buys. */
const RESERVED_MS = 31 * 60_000;

/** Liveness, I2, I4, I7, I9, I10, M1, M3, M7, M11, N1, N3, N5, N9 and P6 of docs/invariants.md. */
export async function checkShopRest(stage: Stage): Promise<void> {
  const orders = await storedOrders(stage);
  await checkNothingWaits(stage, orders);
  await checkShopMoney(stage, orders);
  await checkShopMessages(stage, orders);
  await checkOffers(stage, orders);
  await checkLimits(stage, orders);
  await checkRestocks(stage, orders);
  await checkRefunders(stage, orders);
  await checkPosts(stage);
  await checkOpenings(stage);
  await checkEvents(stage);
  await checkWaiting(stage);
}

/** M11: only an order's builder and staff refund it by command. */
async function checkRefunders(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  for (const order of orders.filter(({ chargeId }) => chargeId !== undefined)) {
    for (const { id } of await storedRefunds(stage, order.id)) {
      const typist = TYPED.test(id) ? stage.discord.interaction(id)?.userId : undefined;
      const isAllowed = typist === undefined || typist === marketOf(stage).builder;
      mustHold("M11", isAllowed, () => `${typist} refunded order ${order.id}`);
    }
  }
}

/**
 * I4: a buyer refused for the limit had that many of the drop, or was about to, and none is offered
 * more units than the limit.
 */
async function checkLimits(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  for (const { id, buyer, dropId, over } of marketOf(stage).presses) {
    const drop = await stage.database.collection("inventory").doc(dropId).get();
    const limit = Number(drop.get("limit_per_buyer"));
    const offered = howManyUnder(stage, id)?.values.length ?? 0;
    mustHold("I4", offered <= limit, () => `${buyer} may choose ${offered} of drop ${dropId}`);
    const answer = stage.discord.interaction(id)?.original?.content ?? "";
    if (!answer.startsWith("You already have as many of these")) continue;
    const own = orders.filter((order) => order.buyer === buyer && order.dropId === dropId);
    const held = own.filter((order) => !over.has(order.id));
    const had = held.reduce((sum, order) => sum + order.units.length, 0);
    mustHold("I4", had >= limit, () => `${buyer} had ${had} of drop ${dropId}: "${answer}"`);
  }
}

/** P6: autocomplete offers an order that needs work by its number. */
async function checkOffers(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const waiting = orders.filter(({ status, hold }) => status === "paid" && hold !== "ended");
  const { id } = waiting.at(-1) ?? {};
  if (id === undefined) return;
  const typing = stage.discord.client.autocomplete(stage.endpoint, {
    user: marketOf(stage).builder,
    channelId: community.generalChannelId,
    name: "c500 live",
    options: { context: "order", orders: id },
    focused: "orders",
  });
  await stage.cloud.clock.advance(TYPING_MS);
  const offered = JSON.stringify((await typing).response ?? {});
  mustHold(
    "P6",
    offered.includes(id),
    () => `order ${id} needs work but is not offered: ${offered}`,
  );
}

/**
 * What a builder receives after a won dispute comes from the platform's available balance and waits
 * for it.
 */
function isShortOfMoney(
  { stripe }: Stage,
  { amount, transfer }: Pick<StoredOrder, "amount" | "transfer">,
) {
  return transfer.ids.length > 0 && stripe.available() < amount;
}

/** Whether an order's money waits for nothing that the builder has to do. */
function isEarned(
  { cloud }: Stage,
  { isProved, plan, parcelState }: Pick<StoredOrder, "isProved" | "plan" | "parcelState">,
) {
  if (plan === "split") return true;
  const isSent = parcelState === undefined || ["sent", "arrived"].includes(parcelState);
  return isProved && (isSent || cloud.settings["RELEASE_HELD_AFTER"] !== "proof-and-shipped");
}

/**
 * Whether a dead letter is about an auction of which Discord refuses to notify somebody: it stays until operators have
 * removed the reason, and then replay it.
 */
function isOfUnreachable(stage: Stage, auction: DocumentSnapshot, body: string): boolean {
  const people = JSON.stringify(auction.data());
  const { unreachable } = marketOf(stage);
  return body.includes(auction.id) && [...unreachable].some((user) => people.includes(user));
}

async function checkNothingWaits(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const { database, cloud } = stage;
  const { openDisputes, unrefundableDisputes, sales } = await stripeBooks(stage);
  const contested = new Set(openDisputes.map(({ charge }) => charge));
  const chargedBack = new Set(unrefundableDisputes.map(({ charge }) => charge));
  const unbooked = new Set(sales.flatMap(({ id, isBooked }) => (isBooked ? [] : [id])));
  const builder = await database.collection("builders").doc(marketOf(stage).builder).get();
  const isReady = builder.get("stripe_account_state") === "ACTIVE";
  const nowMs = cloud.clock.nowMs();
  for (const { id, status, refunded, refundRequested, chargeId, isPaid, ...order } of orders) {
    // Winners have a day. A press may have reached us late in the quiet phase.
    const mayBeOpen = order.isWon
      ? order.endsAtMs > nowMs
      : order.createdAtMs + RESERVED_MS > nowMs;
    const isOpen = status === "reserved" && !mayBeOpen;
    mustHold("Liveness", !isOpen, () => `order ${id} is still reserved`);
    // Stripe refuses refunds while a dispute is open.
    if (contested.has(chargeId ?? "")) continue;
    // Stripe permanently refuses to refund a charge that was charged back, even if it later returned the money: staff
    // settle what is owed.
    const isLeftToStaff = chargedBack.has(chargeId ?? "") && refunded < refundRequested;
    if (!isLeftToStaff) {
      mustEqual("Liveness", `what is refunded of order ${id}`, refunded, refundRequested);
    }
    const isBack = refunded === order.amount;
    // Stripe may take an hour to book a charge, and a bank debit may be paid during the quiet phase.
    const isDue = isEarned(stage, order)
      ? isReady && !unbooked.has(chargeId ?? "") && !isShortOfMoney(stage, order)
      : !order.isProved && (order.heldUntilMs ?? Infinity) < nowMs - HOUR_MS;
    const isHeld = order.hold !== undefined && !["released", "returned"].includes(order.hold);
    mustHold(
      "Liveness",
      !isHeld || !isDue || isBack || isLeftToStaff,
      () => `the money of order ${id} is ${order.hold}`,
    );
    const isLost = Boolean(chargeId) && !isPaid;
    if (isLost)
      mustEqual(
        "I3",
        `what is refunded of the unwanted payment of order ${id}`,
        refunded,
        order.amount,
      );
  }
  const { docs: auctions } = await database.collection("auctions").get();
  const isRefused = (body: string, deadLetter: string) =>
    deadLetter.startsWith("auction-settlement: ") &&
    auctions.some((won) => isOfUnreachable(stage, won, body));
  mustEqual("G3", "the open dead letters", await openDeadLetters(stage, isRefused), []);
}
