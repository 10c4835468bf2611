import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { sendOnce } from "../../../../shared/discord/sending/send-once.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { bookForgottenDebts } from "../../../shop/money/returning.ts";
import { leastPayout } from "../../domain/payout.ts";
import { payoutRequestNotice, requestTexts } from "../../messages/payouts.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";
import { requestPayoutButton } from "../buttons.ts";

/**
 * Ask for a payout: the team is notified, once a day. Idempotency: it is remembered once by the interaction's id,
 * and the notice is sent once. Crash safety: the repeat finds it and sends the notice.
 */
export const requestingPayout = /* @__PURE__ */ action(requestPayoutButton, {
  run: (use, _values, deps: WalletDeps) => requestPayout(use, deps),
  isBegun: async ({ id, userId }, _values, { wallets }: Pick<WalletDeps, "wallets">) =>
    (await wallets.get(userId)).request?.id === id,
});

async function requestPayout(
  { id, userId }: CommandUse,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  await bookForgottenDebts(userId, id, deps);
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
