import type { Dispute, Order, Payment } from "../../../functions/shop/domain/order.ts";

const AT = new Date("2026-11-01T20:00:00Z");

/** The payment of an order of $100 that is paid and held, with a fee of $5; `fields` override it. */
export function paymentOf(fields: Partial<Payment> = {}): Payment {
  return {
    amount: 10_000,
    shipping: 0,
    shippingTax: 0,
    tax: 0,
    fee: 500,
    currency: "usd",
    plan: "held",
    paymentIntentId: "pi_1",
    checkout: { attempt: 1, expiresAt: AT, sessionId: "cs_1", url: undefined },
    chargeId: "ch_1",
    paidAt: AT,
    heldUntil: undefined,
    hold: "held",
    releaseAttempt: 0,
    refundRequested: 0,
    refundRequestedShipping: 0,
    refunded: 0,
    isOwedBack: undefined,
    openRefunds: [],
    transfer: undefined,
    disputes: [],
    ...fields,
  };
}

/** A paid order; `fields` override it. */
export function orderOf(payment: Payment | undefined, fields: Partial<Order> = {}): Order {
  return {
    id: "1",
    buyerId: "2",
    builderId: "3",
    title: "Brass weight",
    fulfillmentStatus: "paid",
    twitchVodLink: undefined,
    proof: undefined,
    dropId: "4",
    moreUnits: [],
    unit: 1,
    auctionId: undefined,
    delivery: undefined,
    destination: undefined,
    parcel: undefined,
    cancellation: undefined,
    payment,
    ...fields,
  };
}

/** An open dispute that has taken $40; `fields` override it. */
export function disputeOf(fields: Partial<Dispute> = {}): Dispute {
  return {
    id: "dp_1",
    amount: 4000,
    withdrawn: 4000,
    openedAt: undefined,
    decidedAt: undefined,
    isInquiry: false,
    outcome: "open",
    fee: 0,
    isBooked: false,
    ...fields,
  };
}
