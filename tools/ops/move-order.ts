import { createHash } from "node:crypto";
import { cancelAnswerText } from "../../functions/fulfilment/messages/cancellations.ts";
import {
  arrivedNotice,
  parcelRefusalTexts,
  shipAnswer,
} from "../../functions/fulfilment/messages/parcels.ts";
import { answerCancellation } from "../../functions/fulfilment/service/cancel-order.ts";
import { shipParcel } from "../../functions/fulfilment/service/ship-parcel.ts";
import { requestRelease } from "../../functions/going-live/service/verify-order.ts";
import type { Deps } from "../../functions/operations/deps.ts";
import { orderMovedNotice } from "../../functions/operations/messages/order-moves.ts";
import { createOperatorMoves } from "../../functions/operations/store/operator-moves.ts";
import type { OperatorMove, Order } from "../../functions/shop/domain/order.ts";
import { connectFirestore } from "../../shared/clients/firestore.ts";
import { notify, notifyOperators } from "../../shared/discord/sending/notify.ts";
import { snowflakeAt } from "../../shared/discord/snowflake.ts";

/** What an operator types besides the move itself. */
export interface MoveDetails {
  /** Of `building`: the id of the stream that shows it, or of its video. */
  readonly stream: string | undefined;
  /** Of `sent`. */
  readonly tracking: string | undefined;
  readonly carrier: string | undefined;
  readonly isAnyway: boolean;
}

/** `already`: it was so before. */
export type MoveResult =
  | { readonly outcome: "moved" | "already" }
  | { readonly outcome: "refused"; readonly why: string };

/** Makes one kind of move; returns why it is refused. */
type Make = (order: Order, details: MoveDetails, deps: Deps) => Promise<string | undefined>;

/** Twitch ends a stream after 48 hours. */
const MAX_STREAM_MS = 48 * 3_600_000;

const makers: Readonly<Record<OperatorMove["what"], Make>> = {
  building: confirmBuilding,
  sent: markSent,
  arrived: markArrived,
  canceled: cancel,
};

/**
 * Moves an order by hand, under the rules of the commands that do the same, and stores why.
 *
 * Idempotency: what is so already is left alone. Crash safety: the reason is stored before the move, and removed if that
 * is refused; a repeat makes the move, and the operators' channel reads of it once.
 */
export async function moveOrder(
  order: Order,
  move: OperatorMove,
  details: MoveDetails,
  deps: Deps,
): Promise<MoveResult> {
  const moves = createOperatorMoves(connectFirestore(deps.config));
  if (await isDone(order, move.what, details, deps)) return { outcome: "already" };
  const isNew = await moves.note(order.id, move);
  const why = await makers[move.what](order, details, deps);
  if (why !== undefined) {
    if (isNew) await moves.forget(order.id, move);
    return { outcome: "refused", why };
  }
  const digest = createHash("sha256").update(move.reason).digest("hex").slice(0, 16);
  const key = `order-moved:${order.id}:${move.what}:${digest}`;
  await notifyOperators(key, orderMovedNotice(order.id, move), deps);
  return { outcome: "moved" };
}

async function isDone(
  { proof, parcel, cancellation }: Order,
  what: OperatorMove["what"],
  { tracking }: MoveDetails,
  { parcels }: Pick<Deps, "parcels">,
): Promise<boolean> {
  switch (what) {
    case "building":
      return proof !== undefined;
    case "sent": {
      const isOnItsWay = parcel?.state === "sent" || parcel?.state === "arrived";
      const known = isOnItsWay ? await parcels.get(parcel.id) : undefined;
      return known !== undefined && (tracking === undefined || known.tracking === tracking);
    }
    case "arrived":
      return parcel?.state === "arrived";
    case "canceled":
      return cancellation?.state === "accepted";
  }
}

/** The stream must be the builder's own, and Twitch must still have its video. */
async function confirmBuilding(
  order: Order,
  { stream }: MoveDetails,
  deps: Deps,
): Promise<string | undefined> {
  const { id, builderId, payment } = order;
  const { twitchUserId } = (await deps.builders.get(builderId)) ?? {};
  const videos = twitchUserId === undefined ? [] : await deps.twitch.archiveVideos(twitchUserId);
  const shown = videos.find(({ streamId, url }) => {
    return stream !== undefined && (streamId === stream || url.split("/").at(-1) === stream);
  });
  if (!shown) {
    const known = videos.map(({ url, createdAtMs }) => {
      return `${url} of ${new Date(createdAtMs).toISOString()}`;
    });
    const list = known.length === 0 ? "none" : known.join(", ");
    return `Name a video of the builder's channel with --stream. Twitch has: ${list}.`;
  }
  const paidMs = payment?.paidAt?.getTime() ?? 0;
  if (shown.createdAtMs + MAX_STREAM_MS < paidMs) {
    return "That stream was over before the order was paid.";
  }
  const now = deps.clock.now();
  const { streamId, url } = shown;
  const proof = { goLiveId: `by-hand-${streamId}`, streamId, verifiedAtMs: now.getTime() };
  const result = await deps.orders.startBuilding(id, builderId, proof, url, now);
  if (result.outcome !== "building") return "There is nothing to build: the order is over.";
  await deps.orders.setPermanentVodLink(id, url, now);
  await requestRelease(result.order, deps);
  return undefined;
}

async function markSent(
  { id: orderId, builderId }: Order,
  { tracking, carrier, isAnyway }: MoveDetails,
  deps: Deps,
): Promise<string | undefined> {
  const changeId = snowflakeAt(deps.clock.now());
  const shipment = { orderId, builderId, changeId, tracking, carrier, isAnyway };
  const result = await shipParcel(shipment, deps);
  if (result.outcome === "sent" || result.outcome === "corrected") return undefined;
  return shipAnswer(result).content;
}

async function markArrived(
  { parcel }: Order,
  _details: MoveDetails,
  deps: Deps,
): Promise<string | undefined> {
  const arrived = parcel && (await deps.parcelMoves.arrive(parcel.id, "staff", deps.clock.now()));
  if (!arrived) return parcelRefusalTexts["not-sent"];
  const { id, builderId } = arrived.parcel;
  await notify(`parcel-arrived:${id}`, builderId, arrivedNotice(arrived), deps);
  return undefined;
}

async function cancel(
  { id: orderId }: Order,
  _details: MoveDetails,
  deps: Deps,
): Promise<string | undefined> {
  const result = await answerCancellation({ orderId, isAccepted: true, by: "staff" }, deps);
  return result.outcome === "accepted" ? undefined : cancelAnswerText(result);
}
