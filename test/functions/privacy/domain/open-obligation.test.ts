import { describe, expect, test } from "@jest/globals";
import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import {
  obligationOfAuction,
  obligationOfOrder,
} from "../../../../functions/privacy/domain/open-obligation.ts";
import { isOpen, type Order, type Payment } from "../../../../functions/shop/domain/order.ts";
import { disputeOf, orderOf, paymentOf } from "../../../support/shop/paid-order.ts";

const PAID_AT = new Date("2026-11-01T20:00:00Z");
const DAY_MS = 24 * 3_600_000;
const inDays = (days: number) => new Date(PAID_AT.getTime() + days * DAY_MS);
const over = (payment: Partial<Payment>, order: Partial<Order> = {}) =>
  orderOf(paymentOf({ hold: "released", ...payment }), order);
const obligation = (payment: Partial<Payment>, order: Partial<Order> = {}, now = PAID_AT) =>
  obligationOfOrder(over(payment, order), now);

describe("an order is open for work", () => {
  test.each([
    ["once it is paid", {}, true],
    ["after a refund of a part", { refundRequested: 9999 }, true],
    ["not once a full refund was requested", { refundRequested: 10_000 }, false],
    ["not once its proof came too late", { hold: "ended" }, false],
    ["not once it was refunded", { hold: "returned" }, false],
    ["while its builder is paid", { hold: "releasing" }, true],
  ] as const)("%s", (_what, payment, expected) => {
    expect(isOpen(orderOf(paymentOf(payment)))).toBe(expected);
  });
});

describe("an order prevents its people from being forgotten", () => {
  test.each([
    ["while it waits for its payment", {}, { fulfillmentStatus: "reserved" }, "unpaid-order"],
    ["while a bank processes it", {}, { fulfillmentStatus: "processing" }, "unpaid-order"],
    ["while its money is held", { hold: "held" }, {}, "held-money"],
    ["while its money is being transferred", { hold: "releasing" }, {}, "held-money"],
    ["while held money is to be refunded", { hold: "ended" }, {}, "refund"],
    ["while a refund is to be made", { openRefunds: ["a"] }, {}, "refund"],
    ["while it is disputed", { disputes: [disputeOf()] }, {}, "dispute"],
    ["while a parcel may be on its way", {}, {}, "order"],
  ] as const)("%s", (_what, payment, order, kind) => {
    expect(obligation(payment, order)?.kind).toBe(kind);
  });

  test("no longer once it is finished", () => {
    expect(obligation({ refundRequested: 10_000 })).toBeUndefined();
    expect(obligation({}, { fulfillmentStatus: "delivered" })).toBeUndefined();
    expect(
      obligation({ disputes: [disputeOf({ outcome: "won" })] }, {}, inDays(31)),
    ).toBeUndefined();
  });

  test("for thirty days after it was paid, or shown on stream", () => {
    expect(obligation({}, {}, inDays(29.9))?.until).toEqual(inDays(30));
    expect(obligation({}, {}, inDays(30))).toBeUndefined();
    const proof = { goLiveId: "1", streamId: "2", verifiedAtMs: inDays(10).getTime() };
    expect(obligation({}, { proof }, inDays(39.9))?.until).toEqual(inDays(40));
    expect(obligation({}, { proof }, inDays(40))).toBeUndefined();
  });

  test.each([
    ["open", "order"],
    ["sent", "order"],
    ["arrived", undefined],
  ] as const)("however old it is while its parcel is not there yet: %s", (state, kind) => {
    expect(obligation({}, { parcel: { id: "1", state } }, inDays(365))?.kind).toBe(kind);
  });

  test("until its held money is refunded, if it is not proved", () => {
    const held = { hold: "held", heldUntil: inDays(14) } as const;
    const proof = { goLiveId: "1", streamId: "2", verifiedAtMs: PAID_AT.getTime() };
    expect(obligation(held)?.until).toEqual(inDays(14));
    expect(obligation(held, { proof })?.until).toBeUndefined();
  });

  test("while it is open, if it is in an older format", () => {
    expect(obligationOfOrder(orderOf(undefined), PAID_AT)?.kind).toBe("old-order");
    expect(obligationOfOrder(orderOf(undefined, { fulfillmentStatus: "shipped" }), PAID_AT)).toBe(
      undefined,
    );
  });
});

describe("an auction prevents its people from being forgotten", () => {
  const claim = (state: string) => ({ state }) as Auction["claim"];
  const of = (fields: Partial<Auction>, isSettling = false, userId = "seller") => {
    const auction = { builderId: "seller", title: "Brass", endsAt: inDays(1), ...fields };
    return obligationOfAuction(auction as Auction, { isSettling, userId });
  };

  test.each([
    ["while it is planned", { state: "planned" }, false],
    ["while it runs", { state: "live" }, false],
    ["while it is settled", { state: "unsold" }, true],
    ["while it is offered", { state: "sold", claim: claim("offered") }, false],
    ["while its order is unpaid", { state: "sold", claim: claim("ordered") }, false],
  ] as const)("%s", (_what, fields, isSettling) => {
    expect(of(fields, isSettling)?.kind).toBe("auction");
    expect(of(fields, isSettling, "bidder")?.kind).toBe("bid");
  });

  test.each([
    ["once it is paid", { state: "sold", claim: claim("paid") }],
    ["once nobody is left to ask", { state: "sold", claim: claim("over") }],
    ["once it was cancelled", { state: "cancelled" }],
    [
      "once it was not sold, whatever was offered before",
      { state: "void", claim: claim("offered") },
    ],
  ] as const)("no longer %s", (_what, fields) => {
    expect(of(fields)).toBeUndefined();
  });

  test("while a bank decides about the payment for a voided result, but not its other bidders", () => {
    const voided = { state: "void", claim: { ...claim("paid"), bidderId: "bidder" } } as const;
    const fields = voided as Partial<Auction>;
    expect(of(fields, true)?.kind).toBe("auction");
    expect(of(fields, true, "bidder")?.kind).toBe("bid");
    expect(of(fields, true, "another bidder")).toBeUndefined();
  });

  test("until its end, which is known only while it runs", () => {
    expect(of({ state: "live" })?.until).toEqual(inDays(1));
    expect(of({ state: "planned" })?.until).toBeUndefined();
  });
});
