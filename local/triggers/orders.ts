import { community } from "../cloud/community.ts";
import { homeOf } from "../demo/actors/shopping.ts";
import { recordsIn, timeIn } from "../demo/fields.ts";
import { paneOf } from "../demo/staged/set.ts";
import { liveAuction } from "../demo/storm.ts";
import type { Trigger, TriggerSet } from "./trigger.ts";

const OF_ORDER = {
  value: "ORDER",
  does: "the order's id; the newest paid one by default",
} as const;
const AT_STRIPE = { label: "Stripe", href: "/stripe" } as const;

/** Somebody buys what a drop sells. */
export const orderTrigger: Trigger = {
  name: "order",
  does: "somebody presses Buy Now under a drop and pays",
  options: {
    of: { value: "DROP", does: "the drop's id; the newest one on sale by default" },
    by: { value: "PERSON", does: "who buys: a name of the demo's people; ruth by default" },
  },
  async run({ stage, shop, option, person }) {
    const drops = await stage.firestore
      .collection("inventory")
      .where("is_closed", "==", false)
      .get();
    const newest = drops.docs
      .filter((drop) => drop.get("message_id") !== undefined)
      .map(({ id }) => id)
      .sort()
      .at(-1);
    const dropId = option("of") ?? newest;
    if (dropId === undefined)
      throw new Error('No drop is on sale. Start the scene "a drop" first.');
    const who = person("by", "ruth");
    const { orderId, sessionId, answers } = await shop.reserves(who, dropId, homeOf(who));
    if (sessionId === "") throw new Error(answers.at(-1)?.text ?? `${who} was not answered.`);
    await shop.pays(who, sessionId, homeOf(who));
    const links = [paneOf(`What ${who} sees`, who, community.marketplaceChannelId), AT_STRIPE];
    return { said: `${who} has paid order ${orderId}.`, links };
  },
};

/** Staff refund an order at Stripe. */
export const refundTrigger: Trigger = {
  name: "refund",
  does: "staff refund an order in Stripe's dashboard",
  options: {
    of: OF_ORDER,
    amount: {
      value: "AMOUNT",
      does: "how much, such as 12.50; everything that is left by default",
    },
  },
  async run(set) {
    const { id, chargeId } = await orderOf(set);
    const isPart = set.option("amount") !== undefined;
    const amount = isPart ? set.cents("amount", 0) : undefined;
    const refund = set.stage.stripe.refundInDashboard(chargeId, { amount });
    await set.stage.cloud.settle();
    const money = (refund.amount / 100).toFixed(2);
    return { said: `Stripe refunds ${money} of order ${id}: ${refund.id}.`, links: [AT_STRIPE] };
  },
};

/** A bank contests an order's payment. */
export const disputeTrigger: Trigger = {
  name: "dispute",
  does: "the buyer's bank contests an order's payment",
  options: { of: OF_ORDER },
  async run(set) {
    const { id, chargeId } = await orderOf(set);
    const dispute = set.stage.stripe.openDispute(chargeId);
    await set.stage.cloud.settle();
    return { said: `A dispute is open for order ${id}: ${dispute.id}.`, links: [AT_STRIPE] };
  },
};

/** The bank decides. */
export const disputeEndTrigger: Trigger = {
  name: "dispute-end",
  does: "the bank decides an order's dispute",
  options: {
    of: { value: "ORDER", does: "the order's id; the newest one with an open dispute by default" },
    outcome: { value: "OUTCOME", does: "won or lost, for the builder; lost by default" },
  },
  async run(set) {
    const { stage, option } = set;
    const outcome = (["won", "lost"] as const).find(
      (each) => each === (option("outcome") ?? "lost"),
    );
    if (!outcome) throw new Error("--outcome is won or lost.");
    const found = (await paidOrders(set)).findLast(({ openDisputeId }) => openDisputeId);
    if (!found?.openDisputeId)
      throw new Error("No order has an open dispute: ./dev trigger dispute");
    stage.stripe.closeDispute(found.openDisputeId, outcome);
    await stage.cloud.settle();
    return { said: `The dispute of order ${found.id} is ${outcome}.`, links: [AT_STRIPE] };
  },
};

/** Somebody bids. */
export const bidTrigger: Trigger = {
  name: "bid",
  does: "somebody bids in the marketplace's auction",
  options: {
    by: { value: "PERSON", does: "who bids: a name of the demo's people; finn by default" },
    amount: { value: "AMOUNT", does: "how much, such as 55; $10 above the price by default" },
  },
  async run({ stage, act, cents, person }) {
    const auction = await liveAuction(stage);
    if (!auction) {
      throw new Error('No auction is on. Start the scene "An auction in its last minute" first.');
    }
    const { price, channelId } = auction;
    const amount = (cents("amount", price + 1_000) / 100).toFixed(2);
    const who = person("by", "finn");
    const { text } = await act.types(who, "bid", { amount }, channelId);
    return { said: `${who} reads: ${text}`, links: [paneOf(`What ${who} sees`, who, channelId)] };
  },
};

interface PaidOrder {
  readonly id: string;
  readonly chargeId: string;
  readonly paidAtMs: number;
  readonly isReturned: boolean;
  readonly openDisputeId: string | undefined;
}

/** The orders with a charge that match the option `of`, oldest first. */
async function paidOrders({ stage, option }: TriggerSet): Promise<PaidOrder[]> {
  const { docs } = await stage.firestore.collection("orders").get();
  const wanted = option("of");
  return docs
    .filter((order) => wanted === undefined || order.id === wanted)
    .map((order) => {
      const disputes = recordsIn(order.get("disputes"));
      const open = disputes.find((dispute) => dispute["outcome"] === "open");
      return {
        id: order.id,
        chargeId: String(order.get("charge_id") ?? ""),
        paidAtMs: timeIn(order.get("paid_at")) ?? 0,
        isReturned: Number(order.get("refunded") ?? 0) >= Number(order.get("amount")),
        openDisputeId: open && String(open["id"]),
      };
    })
    .filter(({ chargeId }) => chargeId !== "")
    .sort((one, other) => one.paidAtMs - other.paidAtMs);
}

async function orderOf(set: TriggerSet): Promise<PaidOrder> {
  const wanted = set.option("of");
  const paid = await paidOrders(set);
  const found = paid.findLast(({ isReturned }) => wanted !== undefined || !isReturned);
  if (found) return found;
  throw new Error(
    wanted === undefined
      ? "No order is paid yet: ./dev trigger order"
      : `There is no paid order ${wanted}.`,
  );
}
