import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import { type NotifyDeps, notifyOperators } from "../../../shared/discord/sending/notify.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of reporting a failed refund. */
type FailedRefundDeps = NotifyDeps & Pick<Deps, "sentMessages">;

/**
 * Notifies the operators once of a refund that failed or was cancelled, because its buyer has to be paid by hand. Returns
 * whether there was something to report.
 */
export async function reportFailedRefund(
  { id, status }: StripeRefund,
  notice: OutgoingMessage,
  deps: FailedRefundDeps,
): Promise<boolean> {
  if (status !== "failed" && status !== "canceled") return false;
  const key = `refund-failed:${id}`;
  if (await deps.sentMessages.get(key)) return false;
  await notifyOperators(key, notice, deps);
  return true;
}
