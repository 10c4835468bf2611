import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { alarm } from "../../../shared/discord/sending/alarm.ts";

/** Notifies the operators of a refund whose sale was never reported. */
export function missedSaleNotice(saleId: string, since: Date): OutgoingMessage {
  return alarm(
    "A refund waits for its sale",
    `\`${saleId}\` was refunded on <t:${Math.floor(since.getTime() / 1000)}:f>, but its sale has not been reported. If the sale is older than C500 Live, all is well. Otherwise open it in its shop and have the shop send its webhook again.`,
  );
}
