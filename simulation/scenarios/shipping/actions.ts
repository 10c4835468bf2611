import type { Action } from "../scenario.ts";
import * as attacks from "./attacks/attacks.ts";
import { openForOthers } from "./attacks/page-attacks.ts";
import * as offering from "./buying/offering.ts";
import * as ordering from "./buying/ordering.ts";
import { changeSeveral } from "./buying/several-units.ts";
import { winAuction, winPlanned } from "./buying/winning.ts";
import * as cancelling from "./problems/cancelling.ts";
import * as cases from "./problems/cases.ts";
import * as ordersList from "./problems/orders-list.ts";
import * as problemForm from "./problems/problem-form.ts";
import * as desk from "./sending/desk.ts";
import * as sending from "./sending/sending.ts";

const DAY_MS = 24 * 3_600_000;

/** Actions around parcels and their weights. */
export const fulfilmentActions: readonly Action[] = [
  ...ofKind("parcels", [
    {
      name: "buy and say where it goes",
      weight: 30,
      isEssential: true,
      perform: ordering.buyShipped,
    },
    { name: "buy something more", weight: 15, perform: ordering.buyMore },
    { name: "choose a country", weight: 3, perform: ordering.chooseCountry },
    { name: "change shipping terms", weight: 2, perform: offering.changeTerms },
    { name: "a stream ends or begins", weight: 3, perform: offering.changeStream },
    { name: "send a parcel", weight: 14, perform: sending.send },
    { name: "prove and send", weight: 12, perform: sending.proveAndSend },
    { name: "send a parcel twice", weight: 3, perform: sending.sendTwice },
    { name: "correct a number", weight: 5, perform: sending.correct },
    { name: "confirm the arrival", weight: 5, perform: sending.confirmArrival },
    { name: "refund what is in a parcel", weight: 5, perform: sending.refundPacked },
    { name: "refund as it is sent", weight: 3, perform: sending.refundAsSent },
    {
      name: "a week passes",
      weight: 3,
      perform: () => undefined,
      passesMs: async () => 8 * DAY_MS,
    },
  ]),
  ...ofKind("selling", [
    { name: "buy, build and send", weight: 20, perform: sending.sellAndSend },
    { name: "win an auction", weight: 10, perform: winAuction },
    { name: "buy several and say where they go", weight: 12, perform: ordering.buySeveralShipped },
  ]),
  ...ofKind("cancelling", [
    { name: "ask to cancel", weight: 7, perform: cancelling.askToCancel },
    { name: "answer a request to cancel", weight: 6, perform: cancelling.answerCancel },
    { name: "cancel as staff", weight: 3, perform: cancelling.cancelByStaff },
    { name: "cancel while something else happens", weight: 3, perform: cancelling.cancelMeanwhile },
    { name: "ask to wait", weight: 3, perform: cancelling.askToWait },
    {
      name: "a parcel becomes late",
      weight: 1,
      perform: () => undefined,
      passesMs: cancelling.untilLate,
    },
    { name: "cancel what is late", weight: 6, perform: cancelling.cancelLate },
    { name: "ask to cancel and be answered", weight: 8, perform: cancelling.askAndAnswer },
    {
      name: "nobody answers a request to cancel",
      weight: 3,
      perform: cancelling.askAndLeave,
      passesMs: async () => 3 * DAY_MS,
    },
  ]),
  ...ofKind("cases", [
    { name: "report a problem", weight: 14, perform: cases.report },
    { name: "decide a case as its builder", weight: 8, perform: cases.decideAsBuilder },
    { name: "decide a case as its buyer", weight: 6, perform: cases.decideAsBuyer },
    { name: "decide a case as staff", weight: 6, perform: cases.decideAsStaff },
    { name: "decide a case together", weight: 4, perform: cases.decideTogether },
    { name: "dispute what was reported", weight: 3, perform: cases.disputeCase },
    { name: "a case and its moves", weight: 14, perform: cases.reportAndDecide },
    {
      name: "an answer stands for a week",
      weight: 2,
      perform: cases.answerAndLeave,
      passesMs: async () => 8 * DAY_MS,
    },
  ]),
  ...ofKind("desk", [
    { name: "open the desk", weight: 5, perform: desk.openDesk },
    { name: "print slips or labels", weight: 5, perform: desk.printParcels },
    { name: "paste tracking numbers", weight: 8, perform: desk.pasteNumbers },
    { name: "open an order's page", weight: 4, perform: desk.openOrderPage },
  ]),
  ...ofKind("attacks", [
    { name: "type what others may", weight: 6, perform: attacks.typeForOthers },
    { name: "press what others may", weight: 6, perform: attacks.pressForOthers },
  ]),
  ...ofKind("waiting", [
    {
      name: "four days pass",
      weight: 2,
      perform: () => undefined,
      passesMs: async () => 4 * DAY_MS,
    },
  ]),
  ...ofKind("desk", [
    { name: "list orders", weight: 4, perform: ordersList.listOrders },
    { name: "ship from the list", weight: 6, perform: ordersList.shipFromList },
    { name: "paste tracking numbers in Discord", weight: 6, perform: ordersList.pasteInDiscord },
    { name: "open the team's desk", weight: 3, perform: ordersList.openTeamDesk },
  ]),
  ...ofKind("selling", [
    { name: "change how a drop ships", weight: 5, perform: offering.changeDropTerms },
    { name: "win a planned auction", weight: 5, perform: winPlanned },
    { name: "change an order of several units", weight: 8, perform: changeSeveral },
  ]),
  ...ofKind("attacks", [
    { name: "suspend the other builder", weight: 1, perform: attacks.suspendRival },
    { name: "open pages of others", weight: 5, perform: openForOthers },
  ]),
  ...ofKind("cases", [
    {
      name: "silence moves a case",
      weight: 5,
      perform: cases.reportAndLeave,
      passesMs: async () => 8 * DAY_MS,
    },
    { name: "report a problem in the form", weight: 6, perform: problemForm.reportInForm },
    {
      name: "the pictures of a case are deleted",
      weight: 2,
      perform: problemForm.settleWithPictures,
      passesMs: async () => 31 * DAY_MS,
    },
  ]),
];

function ofKind(kind: string, actions: readonly Action[]): readonly Action[] {
  return actions.map((action) => ({ ...action, kind }));
}
