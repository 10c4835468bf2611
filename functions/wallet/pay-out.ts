import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { parseAmount, parseDecimal } from "../../shared/domain/money.ts";
import { type PayoutRequest, payoutMethods } from "../../shared/domain/payout.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import {
  noAccountText,
  notAvailableText,
  payoutAnswer,
  payoutRefusalTexts,
  tooLittleText,
} from "../../shared/messages/wallet.ts";
import { finishPayout } from "../../shared/wallet/finish-payout.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/**
 * `/payout`: for staff. The money leaves the wallet first, once by the command's id; then the racer gets
 * it, and everyone is told. A repeat goes on where the last one died and says the same; one that was
 * refused stays refused, by what the command says or by what was recorded.
 */
export async function payOut(command: DiscordCommand, deps: WalletDeps): Promise<OutgoingMessage> {
  const before = await deps.payouts.get(command.id);
  if (before) return payoutAnswer(await finishPayout(before, deps));
  const request = await requestOf(command, deps);
  if (typeof request === "string") return { content: request };
  const { config, payouts, clock } = deps;
  const least = config.PAYOUT_THRESHOLD;
  const decision = await payouts.begin(request, { least, now: clock.now() });
  const { racerId, currency } = request;
  switch (decision.outcome) {
    case "too-little":
      return { content: tooLittleText(least, currency) };
    case "too-much":
      return { content: notAvailableText(racerId, decision.available, currency) };
    case "no-account":
      return { content: noAccountText(racerId) };
    case "just-paid":
      return { content: payoutRefusalTexts.justPaid };
    case "booked":
      return payoutAnswer(await finishPayout(decision.payout, deps));
  }
}

/** What was asked for, or what is wrong with the command itself: a repeat of it says the same. */
async function requestOf(
  { id, userId, channelId, options }: DiscordCommand,
  { builders, config }: Pick<WalletDeps, "builders" | "config">,
): Promise<PayoutRequest | string> {
  const racerId = String(options["user"] ?? "");
  if (!/^\d{1,20}$/.test(racerId)) return payoutRefusalTexts.badUser;
  const currency = String(options["currency"] ?? config.SHOP_CURRENCY)
    .trim()
    .toLowerCase();
  const typed = String(options["amount"] ?? "").trim();
  const amount = parseAmount(typed, currency) ?? parseDecimal(typed, currency);
  if (!amount) return payoutRefusalTexts.badAmount;
  const wanted = options["method"] ?? "store-credit";
  const method = payoutMethods.find((known) => known === wanted) ?? "store-credit";
  const code = String(options["code"] ?? "").trim() || undefined;
  if (method === "stripe" && code) return payoutRefusalTexts.codeForStripe;
  if (code?.includes("`")) return payoutRefusalTexts.badCode;
  const account = method === "stripe" ? (await builders.get(racerId))?.account : undefined;
  const accountId = account?.state === "ACTIVE" ? account.id : undefined;
  const people = { racerId, staffId: userId, channelId };
  return { id, ...people, amount, currency, method, accountId, code };
}
