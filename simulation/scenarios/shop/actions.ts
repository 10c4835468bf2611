import type { Action } from "../scenario.ts";
import * as building from "./building.ts";
import * as buying from "./buying.ts";
import * as dashboard from "./dashboard.ts";
import * as disputes from "./disputes.ts";
import * as editing from "./editing.ts";
import { soonestHold, untilHoldEnds } from "./pick-order.ts";
import * as reach from "./reach.ts";
import * as waiting from "./waiting.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Actions around the end of a hold happen within this time before and after it. */
const AROUND_HOLD_END_MS = 10 * MINUTE_MS;

/** Actions at a shop and their weights. */
export const shopActions: readonly Action[] = [
  { name: "buy", weight: 50, isEssential: true, perform: buying.buy },
  ...ofKind("buying", [
    { name: "press Buy Now and leave", weight: 8, perform: buying.pressBuyNow },
    { name: "press Buy Now twice", weight: 3, perform: buying.pressTwice },
    { name: "press Buy Now all at once", weight: 4, perform: buying.pressAllAtOnce },
    { name: "press Buy Now of every drop", weight: 2, perform: buying.pressEveryDrop },
    { name: "pay late, again or otherwise", weight: 8, perform: buying.pay },
    { name: "pay in the last minute", weight: 2, perform: buying.payInTheLastMinute },
    { name: "the bank answers a debit", weight: 7, perform: buying.settleBankDebit },
    { name: "give a reservation back", weight: 4, perform: buying.giveBack },
    { name: "look up one's own orders", weight: 1, perform: buying.lookUpOwn },
  ]),
  ...ofKind("building", [
    { name: "prove an order on stream", weight: 9, perform: building.proveOnStream },
    { name: "somebody acts on a proved order", weight: 4, perform: building.actOnProof },
    {
      name: "somebody acts as a hold ends",
      weight: 2,
      perform: building.actAtHoldEnd,
      passesMs: async (stage) => {
        const untilMs = await untilHoldEnds(stage);
        return untilMs > 0 ? untilMs + AROUND_HOLD_END_MS : 0;
      },
    },
  ]),
  ...ofKind("waiting", [
    {
      name: "wait for the end of a hold",
      weight: 1,
      perform: soonestHold,
      passesMs: untilHoldEnds,
    },
    { name: "days pass", weight: 1, perform: () => undefined, passesMs: async () => 3 * DAY_MS },
  ]),
  ...ofKind("drops", [
    {
      name: "restock",
      weight: 3,
      perform: (stage, pick) => building.changeDrop(stage, pick, { restock: 1 }),
    },
    {
      name: "close a drop",
      weight: 1,
      perform: (stage, pick) => building.changeDrop(stage, pick, { close: true }),
    },
    {
      name: "change a price",
      weight: 2,
      perform: (stage, pick) =>
        building.changeDrop(stage, pick, { price: pick(["9.99", "12.34", "40"]) }),
    },
  ]),
  ...ofKind("refunds", [
    { name: "refund by command", weight: 9, perform: building.refund },
    { name: "refund after a payout", weight: 2, perform: building.refundAfterPayout },
    { name: "refund in Stripe's dashboard", weight: 6, perform: dashboard.refundInDashboard },
    { name: "cancel a refund in the dashboard", weight: 1, perform: dashboard.cancelRefund },
    { name: "a bank sends a refund back", weight: 1, perform: dashboard.sendRefundBack },
  ]),
  ...ofKind("accounts", [
    { name: "pay out to the bank", weight: 3, perform: dashboard.payOut },
    { name: "move money in the dashboard", weight: 1, perform: dashboard.moveByHand },
    { name: "the platform pays out to its bank", weight: 1, perform: dashboard.payOutPlatform },
    { name: "the platform tops up", weight: 0.5, perform: dashboard.topUp },
    { name: "stripe restricts the builder", weight: 1.5, perform: dashboard.restrict },
    { name: "the builder answers Stripe", weight: 3, perform: dashboard.answerStripe },
    { name: "stripe rejects the builder", weight: 0.2, perform: dashboard.reject },
    { name: "the builder disconnects", weight: 0.2, perform: dashboard.disconnect },
  ]),
  ...ofKind("disputes", [
    { name: "open a dispute", weight: 3, perform: disputes.openDispute },
    { name: "open an inquiry", weight: 1, perform: disputes.openInquiry },
    { name: "a dispute to its end", weight: 2, perform: disputes.disputeToItsEnd },
    { name: "close a dispute", weight: 4, perform: disputes.closeDispute },
    { name: "an appeal", weight: 0.3, perform: disputes.appeal },
  ]),
  ...ofKind("Discord", [
    { name: "discord refuses messages", weight: 0.5, perform: reach.refuseMessages },
    { name: "close or open DMs", weight: 1, perform: reach.changeDms },
    { name: "change what the bot may do", weight: 0.7, perform: reach.changePermissions },
    { name: "delete a post", weight: 0.3, perform: reach.deletePost },
    { name: "delete the marketplace", weight: 0.1, perform: reach.deleteMarketplace },
  ]),
  ...ofKind("looking after drops", [
    { name: "edit a drop", weight: 2, perform: editing.editDrop },
    {
      name: "reopen a drop",
      weight: 2,
      perform: (stage, pick) => building.changeDrop(stage, pick, { reopen: true }),
    },
    { name: "write a draft", weight: 3, perform: editing.writeDraft },
    { name: "decide about a draft", weight: 2, perform: editing.decideDraft },
    { name: "press Notify me", weight: 3, perform: waiting.joinList },
  ]),
  ...ofKind("several units", [
    { name: "buy several", weight: 16, perform: buying.buySeveral },
    { name: "choose how many all at once", weight: 4, perform: buying.chooseAllAtOnce },
    { name: "choose from an old list", weight: 4, perform: buying.chooseFromOldList },
  ]),
];

function ofKind(kind: string, actions: readonly Action[]): readonly Action[] {
  return actions.map((action) => ({ ...action, kind }));
}
