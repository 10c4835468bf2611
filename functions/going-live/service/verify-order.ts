import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { Order } from "../../shop/domain/order.ts";
import { orderReleaseRequested } from "../../shop/events/order-release-requested.ts";
import { withOrderPage } from "../../shop/web/order-link.ts";
import type { Deps } from "../deps.ts";
import type { OrderOutcome } from "../documents/go-live-outcome.ts";
import type { OrderVerification } from "../events/order-verification-requested.ts";
import { onTheWorkbench, onTheWorkbenchInChannel, streamUrl } from "../messages/go-live.ts";
import { scheduleVideoLinks } from "./link-videos.ts";

/** What verifying an order needs. */
export type VerifyOrderDeps = Pick<
  Deps,
  | "orders"
  | "users"
  | "builders"
  | "goLives"
  | "tasks"
  | "discord"
  | "sentMessages"
  | "publisher"
  | "clock"
  | "config"
  | "orderLinks"
>;

/** After this long without success the builder's report no longer waits for the order. */
const REPORT_WAITS_MS = 10 * 60_000;

/**
 * Puts one order on the workbench, requests the release of its held money and, if the stream is over by now, the link to
 * its video, notifies its buyer and records the outcome for the builder's report. An error is rethrown after its outcome
 * is recorded: `broken` if retrying cannot help, `delayed` if the tries have taken ten minutes. So a bad order does not
 * hold up the report.
 *
 * Idempotency: the order keeps its first proof and its first outcome, and the message is sent once. Crash safety: the
 * next delivery finds the order `building` in the same go-live and continues.
 */
export async function verifyOrder(
  request: OrderVerification,
  deps: VerifyOrderDeps,
): Promise<void> {
  const { goLiveId, orderId, verifiedAtMs } = request;
  const record = (outcome: OrderOutcome) => deps.goLives.recordOutcome(goLiveId, orderId, outcome);
  try {
    await record(await startBuilding(request, deps));
  } catch (error) {
    const waitedMs = deps.clock.now().getTime() - verifiedAtMs;
    if (error instanceof TerminalError) await record("broken");
    else if (waitedMs >= REPORT_WAITS_MS) await record("delayed");
    throw error;
  }
}

async function startBuilding(
  request: OrderVerification,
  deps: VerifyOrderDeps,
): Promise<OrderOutcome> {
  const { orderId, builderId, goLiveId, stream, verifiedAtMs } = request;
  const proof = { goLiveId, streamId: stream.id, verifiedAtMs };
  const result = await deps.orders.startBuilding(
    orderId,
    builderId,
    proof,
    streamUrl(stream),
    deps.clock.now(),
  );
  if (result.outcome === "closed" || result.outcome === "not-found") return result.outcome;
  await requestRelease(result.order, deps);
  await requestVideo(request, deps);
  // Also when it was building already: an earlier go-live may have failed to reach the buyer.
  const outcome = await notifyBuyer(result.order, request, deps);
  return result.outcome === "building" ? outcome : result.outcome;
}

/** Requests the release of the order's held money, even if it was already building: the event may be lost. */
export async function requestRelease(
  { id, payment }: Order,
  { publisher }: Pick<Deps, "publisher">,
): Promise<void> {
  if (payment?.hold !== "held" && payment?.hold !== "releasing") return;
  await publisher.publish(orderReleaseRequested, { id: `proved.${id}`, orderId: id });
}

/**
 * Schedules the order's video link if the stream has ended: the search that followed its end may be over. One that ends
 * after this look finds the order.
 */
async function requestVideo(
  { orderId, builderId, stream }: OrderVerification,
  deps: Pick<Deps, "builders" | "tasks" | "clock">,
): Promise<void> {
  const report = await deps.builders.streamReport(builderId);
  if (report.isLive && report.streamId === stream.id) return;
  const ended = { builderId, endedAtMs: deps.clock.now().getTime() };
  await scheduleVideoLinks(`proved-${orderId}`, ended, deps);
}

async function notifyBuyer(
  order: Order,
  { stream }: OrderVerification,
  deps: VerifyOrderDeps,
): Promise<OrderOutcome> {
  const key = `on-the-workbench:${order.id}`;
  const message = await withOrderPage(onTheWorkbench(order.id, stream), order.id, deps);
  const sent = await unlessRefused(() => sendDmOnce(key, order.buyerId, message, deps));
  return sent ? "buyer-notified" : notifyBuyerInChannel(order, stream, deps);
}

async function notifyBuyerInChannel(
  order: Order,
  stream: OrderVerification["stream"],
  deps: VerifyOrderDeps,
): Promise<OrderOutcome> {
  const builder = await deps.builders.get(order.builderId);
  const channelId = builder?.orderChannelId ?? deps.config.DISCORD_ORDERS_CHANNEL_ID;
  const message = onTheWorkbenchInChannel(order.buyerId, order.id, stream);
  const key = `on-the-workbench-in-channel:${order.id}`;
  const sent = await unlessRefused(() => sendOnce(key, async () => channelId, message, deps));
  return sent ? "notified-in-channel" : "not-notified";
}

/** What Discord refuses for good is not sent; the builder's report says so. */
async function unlessRefused<Sent>(send: () => Promise<Sent>): Promise<Sent | undefined> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}
