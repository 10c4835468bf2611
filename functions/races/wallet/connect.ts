import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { connectPayouts } from "../../members/accounts/connect-account.ts";
import {
  builderAccount,
  nothingEarnedText,
  racerAccountWords,
} from "../../members/messages/payout-accounts.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/**
 * `/payouts connect`: connects a racer's account at Stripe, once they have earned something. A builder with an
 * account has that of their shop. A repeat gives another link to the same account.
 */
export async function connectAccount(
  { userId, options }: DiscordCommand,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const { builders, wallets, ledger, clock } = deps;
  const country = String(options["country"] ?? "");
  const builder = await builders.get(userId);
  if (builder?.account) {
    return connectPayouts(builder, country, { accounts: builders, words: builderAccount }, deps);
  }
  const wallet = await wallets.get(userId);
  const balances = await ledger.balances(racerAccount(userId), clock.now());
  const hasEarned = balances.some(({ lifetime }) => lifetime > 0);
  if (!hasEarned && !wallet.account) return { content: nothingEarnedText };
  return connectPayouts(wallet, country, { accounts: wallets, words: racerAccountWords }, deps);
}
