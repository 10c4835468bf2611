import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import { isNewer } from "../../../shared/discord/snowflake.ts";
import { wasMeantForEarlier } from "../../shipping/domain/parcel.ts";
import { orderReleaseRequested } from "../../shop/events/order-release-requested.ts";
import type { Deps } from "../deps.ts";
import { type CarrierId, readCarrier, readTracking, recognizeCarrier } from "../domain/carriers.ts";
import { correctedNotice, orderToShow, sentNotice } from "../messages/parcels.ts";
import type { PackedParcel, SendResult } from "../store/parcel-moves.ts";

/** Dependencies of `shipParcel`. */
export type ShipDeps = NotifyDeps &
  Pick<Deps, "parcelMoves" | "parcels" | "orders" | "builders" | "deadlines" | "clock">;

/** What a builder says of a parcel that they have sent. */
export interface Shipment {
  /** The parcel's id, or that of an order in it. */
  readonly orderId: string;
  readonly builderId: string;
  /** The id of the command that says so. */
  readonly changeId: string;
  /** As typed; undefined where the parcel has no number. */
  readonly tracking: string | undefined;
  /** As typed or chosen; recognised from the number where only one carrier has such numbers. */
  readonly carrier: string | undefined;
  readonly isAnyway: boolean;
}

/** What became of it, or what is wrong with what was typed. */
export type ShipResult = SendResult | { readonly outcome: "bad-tracking" | "unknown-carrier" };

/**
 * Marks a parcel as sent and sends its buyer a message with the link.
 *
 * Idempotency: a parcel is sent once, and its message has a fixed name; a newer command with another number corrects it.
 * Crash safety: the commit sets a deadline, which is removed once the message is published; so the sweeper sends it if
 * nobody repeats the call, as on the desk. The sweeper also releases held money that waited for the parcel.
 */
export async function shipParcel(shipment: Shipment, deps: ShipDeps): Promise<ShipResult> {
  const { orderId, builderId, changeId, isAnyway } = shipment;
  const tracking = shipment.tracking === undefined ? undefined : readTracking(shipment.tracking);
  if (shipment.tracking !== undefined && tracking === undefined) return { outcome: "bad-tracking" };
  const carrier = carrierOf(shipment.carrier, tracking);
  if (carrier === "unknown") return { outcome: "unknown-carrier" };
  const parcelId = (await deps.orders.get(orderId))?.parcel?.id ?? orderId;
  const report = await deps.builders.streamReport(builderId);
  const result = await deps.parcelMoves.send({
    parcelId,
    builderId,
    changeId,
    carrier,
    tracking,
    isAnyway,
    report,
    now: deps.clock.now(),
  });
  if (result.outcome !== "sent" && result.outcome !== "corrected") return result;
  for (const { id, payment } of result.orders) {
    if (payment?.hold !== "held") continue;
    await deps.publisher.publish(orderReleaseRequested, { id: `shipped.${id}`, orderId: id });
  }
  await notifyOfSending(result, deps);
  if (result.notice) await deps.deadlines.done(result.notice);
  return result;
}

/** Notifies the buyer of a sent parcel, and of its last correction. Idempotent: each message has a fixed name. */
export async function notifyOfSending(packed: PackedParcel, deps: NotifyDeps): Promise<void> {
  const { id, buyerId, correctionId } = packed.parcel;
  const orderPage = orderToShow(packed);
  await notify(`parcel-sent:${id}`, buyerId, { ...sentNotice(packed), orderPage }, deps);
  if (correctionId === undefined) return;
  const key = `parcel-corrected:${id}:${correctionId}`;
  await notify(key, buyerId, { ...correctedNotice(packed), orderPage }, deps);
}

/**
 * Whether an earlier delivery of a command has marked a parcel as sent, whose buyer may not have been notified; or the
 * command changes nothing, because the parcel has the number of a newer one, or was opened later to send the order again:
 * then its repeat is answered by what became of the order.
 */
export async function isShippedBy(
  changeId: string,
  orderId: string,
  { orders, parcels }: Pick<Deps, "orders" | "parcels">,
): Promise<boolean> {
  const parcelId = (await orders.get(orderId))?.parcel?.id ?? orderId;
  const parcel = await parcels.get(parcelId);
  if (parcel && wasMeantForEarlier(changeId, parcel)) return true;
  const last = parcel?.numberChangeId;
  if (last === undefined || last === changeId) return last === changeId;
  return parcel?.tracking !== undefined && isNewer(last, changeId);
}

function carrierOf(
  typed: string | undefined,
  tracking: string | undefined,
): CarrierId | "unknown" | undefined {
  if (typed !== undefined) return readCarrier(typed) ?? "unknown";
  return tracking === undefined ? undefined : recognizeCarrier(tracking);
}
