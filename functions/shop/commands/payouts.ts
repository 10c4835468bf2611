import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { connectPayouts } from "../../members/accounts/connect-account.ts";
import { builderAccount } from "../../members/messages/payout-accounts.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * `/c500 payouts`: connects the builder's account, once. One that they have connected as a racer becomes their
 * shop's. A repeat gives another link to the same account.
 */
export async function payouts(
  { userId, options }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const builder = await deps.builders.adoptAccount(userId);
  if (!builder) throw new TerminalError(`${userId} is no longer a builder.`);
  const kind = { accounts: deps.builders, words: builderAccount };
  return connectPayouts(builder, String(options["country"] ?? ""), kind, deps);
}
