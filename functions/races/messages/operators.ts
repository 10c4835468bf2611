import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { alarm } from "../../../shared/discord/alarm.ts";

/** Tells the operators of a refund whose sale nobody has told us of. */
export function missedSaleNotice(saleId: string, since: Date): OutgoingMessage {
  return alarm(
    "A refund waits for its sale",
    `\`${saleId}\` was refunded, and we have not heard of the sale since <t:${Math.floor(since.getTime() / 1000)}:f>. It may be older than C500 Live: then all is well. Else its shop has it; have it send its webhook again.`,
  );
}
