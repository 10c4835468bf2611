import type { Stage } from "../../stage.ts";
import type { Market } from "./market.ts";

const DISCORD_EPOCH_MS = 1_420_070_400_000;
const TIMESTAMP_SHIFT = 22n;
const HOUR_MS = 3_600_000;
/** The number of the builder's earlier orders. */
const COUNT = 110;

/**
 * Orders of the past months, each built on stream and paid out to the builder; a third of them
 * belong to one buyer. They are written as the product stores them, because selling them would take
 * too much time.
 */
export async function addPastOrders({ database }: Stage, market: Market): Promise<void> {
  const { builder, buyers, opensAt } = market;
  const orders = Array.from({ length: COUNT }, (_, index) => {
    const at = new Date(opensAt.getTime() - (COUNT - index) * HOUR_MS);
    const id = String(BigInt(at.getTime() - DISCORD_EPOCH_MS) << TIMESTAMP_SHIFT);
    const buyer = buyers[index % 3 === 0 ? 0 : index % buyers.length] ?? "";
    const none = { refund_requested: 0, refunded: 0, checkout_attempt: 1 };
    return database
      .collection("orders")
      .doc(id)
      .set({
        buyer_id: buyer,
        builder_id: builder,
        title: "Brass weight",
        drop_id: "of-before",
        unit: index + 1,
        fulfillment_status: "building",
        amount: 1_000,
        fee: 100,
        ...none,
        currency: "usd",
        plan: "held",
        hold: "released",
        held_until: at,
        hold_ends_at: null,
        checkout_expires_at: at,
        checkout_session_id: `cs_before_${index}`,
        paid_at: at,
        payment_intent_id: `pi_before_${index}`,
        charge_id: `ch_before_${index}`,
        transfer: {
          ids: [`tr_before_${index}`],
          gross: 900,
          netted: 0,
          taken_back: 0,
          sending: null,
        },
        proof_go_live_id: `before-${index}`,
        proof_stream_id: `${index}`,
        proof_verified_at: at,
        twitch_vod_link: "https://www.twitch.tv/videos/1",
        vod_is_permanent: true,
        created_at: at,
        updated_at: at,
      });
  });
  await Promise.all(orders);
}
