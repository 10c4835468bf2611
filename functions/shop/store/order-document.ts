import * as z from "zod/mini";
import { parseDocument, stored, timestamp } from "../../../shared/documents/document.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { holdStates, type Order, type Payment, type ProofOfWork } from "../domain/order.ts";

const orderDocument = z.object({
  buyer_id: z.string(),
  builder_id: z.string(),
  title: stored(z.string()),
  fulfillment_status: stored(z.string()),
  twitch_vod_link: stored(z.string()),
  proof_go_live_id: stored(z.string()),
  proof_stream_id: stored(z.string()),
  proof_verified_at: stored(timestamp),
  drop_id: stored(z.string()),
  unit: stored(z.int()),
  auction_id: stored(z.string()),
});

const paymentFields = z.object({
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  plan: z.enum(["split", "held"]),
  checkout_attempt: z.int(),
  checkout_expires_at: timestamp,
  checkout_session_id: stored(z.string()),
  checkout_url: stored(z.string()),
  payment_intent_id: stored(z.string()),
  charge_id: stored(z.string()),
  paid_at: stored(timestamp),
  held_until: stored(timestamp),
  hold: stored(z.enum(holdStates)),
  release_attempt: stored(z.int()),
  refund_requested: z.int(),
  refunded: z.int(),
  open_refunds: stored(z.array(z.string())),
  transfer: stored(
    z.object({
      ids: z.array(z.string()),
      gross: z.int(),
      netted: z.int(),
      taken_back: z.int(),
      sending: stored(
        z.object({
          account_id: z.string(),
          gross: z.int(),
          netted: z.int(),
          netted_debts: z.array(z.object({ id: z.string(), part: z.int() })),
        }),
      ),
    }),
  ),
  disputes: stored(
    z.array(
      z.object({
        id: z.string(),
        amount: z.int(),
        withdrawn: z.int(),
        fee: z.int(),
        is_inquiry: z.boolean(),
        outcome: z.enum(["open", "won", "lost"]),
        is_booked: z.boolean(),
      }),
    ),
  ),
});

/** Reads an order. Throws TerminalError naming the bad fields. */
export function toOrder(snapshot: DocumentSnapshot): Order {
  const data = snapshot.data();
  const fields = parseDocument(snapshot.ref.path, orderDocument, data);
  return {
    id: snapshot.id,
    buyerId: fields.buyer_id,
    builderId: fields.builder_id,
    title: fields.title,
    // Orders of before this system were taken when they were paid.
    fulfillmentStatus: fields.fulfillment_status ?? "paid",
    twitchVodLink: fields.twitch_vod_link,
    proof: toProof(fields),
    dropId: fields.drop_id,
    unit: fields.unit,
    auctionId: fields.auction_id,
    payment: toPayment(snapshot.ref.path, data),
  };
}

/** An order, or nothing where the document is broken: one bad order hides no other. */
export function readableOrder(snapshot: DocumentSnapshot): Order[] {
  try {
    return [toOrder(snapshot)];
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

function toProof(fields: z.infer<typeof orderDocument>): ProofOfWork | undefined {
  if (!fields.proof_go_live_id || !fields.proof_stream_id || !fields.proof_verified_at) {
    return undefined;
  }
  return {
    goLiveId: fields.proof_go_live_id,
    streamId: fields.proof_stream_id,
    verifiedAtMs: fields.proof_verified_at.getTime(),
  };
}

/** An order that was never sent to a Checkout Session of ours has no payment here. */
function toPayment(path: string, data: Record<string, unknown> | undefined): Payment | undefined {
  if (data?.["checkout_expires_at"] === undefined) return undefined;
  const fields = parseDocument(path, paymentFields, data);
  return {
    amount: fields.amount,
    fee: fields.fee,
    currency: fields.currency,
    plan: fields.plan,
    checkout: {
      attempt: fields.checkout_attempt,
      expiresAt: fields.checkout_expires_at,
      sessionId: fields.checkout_session_id,
      url: fields.checkout_url,
    },
    paymentIntentId: fields.payment_intent_id,
    chargeId: fields.charge_id,
    paidAt: fields.paid_at,
    heldUntil: fields.held_until,
    hold: fields.hold,
    releaseAttempt: fields.release_attempt ?? 1,
    refundRequested: fields.refund_requested,
    refunded: fields.refunded,
    openRefunds: fields.open_refunds ?? [],
    transfer: fields.transfer && {
      ids: fields.transfer.ids,
      gross: fields.transfer.gross,
      netted: fields.transfer.netted,
      takenBack: fields.transfer.taken_back,
      sending: fields.transfer.sending && {
        accountId: fields.transfer.sending.account_id,
        gross: fields.transfer.sending.gross,
        netted: fields.transfer.sending.netted,
        nettedDebts: fields.transfer.sending.netted_debts,
      },
    },
    disputes: (fields.disputes ?? []).map(
      ({ is_inquiry: isInquiry, is_booked: isBooked, ...dispute }) => ({
        ...dispute,
        isInquiry,
        isBooked,
      }),
    ),
  };
}
