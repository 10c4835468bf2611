import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendOnce } from "../../../shared/discord/send-once.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { leastPayout } from "../domain/payout.ts";
import { payoutRequestNotice, requestTexts } from "../messages/payouts.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/**
 * "Ask for a payout": the team is notified, once a day. Idempotency: it is remembered once by the interaction's id,
 * and the notice is sent once. Crash safety: the repeat finds it and sends the notice.
 */
export async function requestPayout(
  { id, userId }: DiscordCommand,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const { ledger, wallets, config, clock } = deps;
  const balances = await ledger.balances(racerAccount(userId), clock.now());
  const payable = balances
    .filter(
      ({ available, currency }) =>
        available > 0 && available >= leastPayout(config.PAYOUT_THRESHOLD, currency),
    )
    .map(({ available: amount, currency }) => ({ amount, currency }));
  if (payable.length === 0) return { content: requestTexts.tooLittle };
  const outcome = await wallets.request(userId, id, clock.now());
  if (outcome === "again") return { content: requestTexts.again };
  const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
  await sendOnce(`payout-request:${id}`, channel, payoutRequestNotice(userId, payable), deps);
  return { content: requestTexts.asked };
}
