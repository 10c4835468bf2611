import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import {
  accountRejectedText,
  payoutsAnswer,
  registerFirstText,
} from "../../shared/messages/builders.ts";
import { keepAccountState } from "../../shared/shop/seller-account.ts";
import type { Builder } from "../../shared/store/builders.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * `/c500 payouts`: makes the builder's connected account, once, and gives a fresh link: to Stripe's
 * form until it is done, then to their dashboard. What Stripe says now is kept on the way.
 *
 * Twice: the account's idempotency key is the builder's; links are made anew each time. Dying before
 * the account was kept: the repeat gets the same account from Stripe.
 */
export async function payouts(
  { userId }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const known = await deps.builders.get(userId);
  if (!known) return { content: registerFirstText };
  const connected = known.account ? known : await connect(known, deps);
  const builder = connected && (await keepAccountState(connected, deps));
  const account = builder?.account;
  if (!account || account.state === "REJECTED") return { content: accountRejectedText };
  const isDashboard = account.state === "ACTIVE";
  const site = deps.config.PUBLIC_SITE_URL;
  const url = isDashboard
    ? await deps.stripe.dashboardLink(account.id)
    : await deps.stripe.accountLink(account.id, {
        refresh: `${site}/payouts/refresh`,
        return: `${site}/payouts/return`,
      });
  return payoutsAnswer(account, { url, isDashboard });
}

async function connect({ id }: Builder, deps: ShopDeps): Promise<Builder | undefined> {
  const accountId = await deps.stripe.createAccount(id);
  return deps.builders.connectAccount(id, accountId);
}
