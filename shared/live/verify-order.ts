import { DiscordError } from "../clients/discord.ts";
import type { Order } from "../domain/order.ts";
import type { OrderVerification } from "../events/order-verification-requested.ts";
import { onTheWorkbench, onTheWorkbenchInChannel, streamUrl } from "../messages/go-live.ts";
import { sendDmOnce, sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import type { OrderOutcome } from "../store/go-lives.ts";

/** What verifying an order needs. */
export type VerifyOrderDeps = Pick<
  Deps,
  "orders" | "users" | "builders" | "goLives" | "discord" | "sentMessages" | "clock" | "config"
>;

/**
 * Puts one order on the workbench, tells its buyer and records the outcome for the builder's report.
 *
 * Twice: the order keeps its first proof, the message its record, the outcome its first value.
 * Dying in between: the next delivery answers `building` for the same go-live and goes on.
 */
export async function verifyOrder(
  request: OrderVerification,
  deps: VerifyOrderDeps,
): Promise<void> {
  const { orderId, builderId, goLiveId, stream, verifiedAtMs } = request;
  const proof = { goLiveId, streamId: stream.id, verifiedAtMs };
  const result = await deps.orders.startBuilding(
    orderId,
    builderId,
    proof,
    streamUrl(stream),
    deps.clock.now(),
  );
  const outcome =
    result.outcome === "building" ? await tellBuyer(result.order, request, deps) : result.outcome;
  await deps.goLives.recordOutcome(goLiveId, orderId, outcome);
}

async function tellBuyer(
  order: Order,
  { stream }: OrderVerification,
  deps: VerifyOrderDeps,
): Promise<OrderOutcome> {
  const key = `on-the-workbench:${order.id}`;
  const sent = await sendDmOnce(key, order.buyerId, onTheWorkbench(order.id, stream), deps);
  return sent ? "buyer-told" : tellBuyerInChannel(order, stream, deps);
}

async function tellBuyerInChannel(
  order: Order,
  stream: OrderVerification["stream"],
  deps: VerifyOrderDeps,
): Promise<OrderOutcome> {
  const builder = await deps.builders.get(order.builderId);
  const channelId = builder?.orderChannelId ?? deps.config.DISCORD_ORDERS_CHANNEL_ID;
  const message = onTheWorkbenchInChannel(order.buyerId, order.id, stream);
  try {
    await sendOnce(`on-the-workbench-in-channel:${order.id}`, async () => channelId, message, deps);
    return "told-in-channel";
  } catch (error) {
    if (error instanceof DiscordError && error.isUnusableChannel) return "untold";
    throw error;
  }
}
