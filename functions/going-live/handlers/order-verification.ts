import { answerInteraction } from "../../../shared/discord/sending/answer-interaction.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { Deps } from "../deps.ts";
import { orderVerificationRequested } from "../events/order-verification-requested.ts";
import { orderReport } from "../messages/go-live.ts";
import { type VerifyOrderDeps, verifyOrder } from "../service/verify-order.ts";

type OrderVerificationDeps = VerifyOrderDeps & Pick<Deps, "log">;

/**
 * Verifies one order of a go-live: marks it `building`, releases its money and notifies the buyer. The last
 * outcome of the go-live finishes the builder's answer.
 *
 * Idempotency: a second delivery repeats nothing (see `verifyOrder`) and edits the answer to the same text. Two
 * orders that finish at the same time may both see all outcomes and both write the same report.
 */
export const handler = subscriber(
  orderVerificationRequested,
  async (event, deps: OrderVerificationDeps) => {
    try {
      await verifyOrder(event, deps);
    } finally {
      await reportWhenComplete(event.goLiveId, deps);
    }
  },
);

async function reportWhenComplete(goLiveId: string, deps: OrderVerificationDeps): Promise<void> {
  const goLive = await deps.goLives.get(goLiveId);
  if (goLive?.context.kind !== "orders" || !goLive.interactionToken) return;
  const outcomes = await deps.goLives.outcomes(goLiveId);
  if (outcomes.size < goLive.context.orderIds.length) return;
  const asker = { id: goLiveId, userId: goLive.builderId, token: goLive.interactionToken };
  await answerInteraction(asker, orderReport(goLive, outcomes), deps);
}
