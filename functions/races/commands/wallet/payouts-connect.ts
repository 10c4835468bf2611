import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { connectPayouts } from "../../../members/accounts/connect-account.ts";
import { countryOption } from "../../../members/commands/options.ts";
import {
  builderAccount,
  nothingEarnedText,
  racerAccountWords,
} from "../../../members/messages/payout-accounts.ts";
import { bookForgottenDebts } from "../../../shop/money/returning.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";

/** `/payouts connect`. */
export const connectCommand = defineCommand({
  words: "payouts connect",
  description: "Connect your bank account, to be paid what you earn in races",
  options: { country: countryOption },
  who: "everyone",
  limit: "registrations",
  answeredBy: "wallet",
});

/**
 * Connects a racer's account at Stripe, once they have earned something. A builder with an
 * account has that of their shop. A repeat gives another link to the same account.
 */
export const connecting = /* @__PURE__ */ action(
  connectCommand,
  async ({ id, userId }, { country = "" }, deps: WalletDeps) => {
    await bookForgottenDebts(userId, id, deps);
    const { builders, wallets, ledger, clock } = deps;
    const builder = await builders.get(userId);
    if (builder?.account) {
      return connectPayouts(builder, country, { accounts: builders, words: builderAccount }, deps);
    }
    const wallet = await wallets.get(userId);
    const balances = await ledger.balances(racerAccount(userId), clock.now());
    const hasEarned = balances.some(({ lifetime }) => lifetime > 0);
    if (!hasEarned && !wallet.account) return { content: nothingEarnedText };
    return connectPayouts(wallet, country, { accounts: wallets, words: racerAccountWords }, deps);
  },
);
