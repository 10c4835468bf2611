import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { StripeRefusedError } from "../../shared/clients/stripe-errors.ts";
import { countriesPaidFrom, countryName, readCountry } from "../../shared/domain/payout-country.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import {
  accountRejectedText,
  payoutCountryTexts,
  payoutsAnswer,
} from "../../shared/messages/builders.ts";
import { accountRefusedNotice } from "../../shared/messages/operators.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import { TerminalError } from "../../shared/runtime/errors.ts";
import { keepAccountState } from "../../shared/shop/seller-account.ts";
import type { Builder } from "../../shared/store/builders.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * `/c500 payouts`: makes the builder's connected account in the country they name, once, and gives a
 * fresh link: to Stripe's form until it is done, then to their dashboard. What Stripe says now is kept on
 * the way. Another country before the form was filled in takes another account; after that it stays, unless
 * Stripe has closed it, or the builder has disconnected it: then a country opens another one.
 *
 * Idempotency: the account's key is the builder's and the country's; links are made anew each time.
 * Crash safety: where the account was made and not kept, the repeat gets the same one from Stripe.
 */
export async function payouts(
  { userId, options }: DiscordCommand,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const known = await deps.builders.get(userId);
  if (!known) throw new TerminalError(`${userId} is no longer a builder.`);
  const connected = await connect(known, String(options["country"] ?? ""), deps);
  if ("refusal" in connected) return { content: connected.refusal };
  const builder = await keepAccountState(connected.builder, deps);
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
  return payoutsAnswer(account, { url, isDashboard }, connected.note);
}

/** A builder with an account, with what else to say of it; or why there is none. */
type Connection =
  | { readonly builder: Builder; readonly note?: string }
  | { readonly refusal: string };

/** The builder with the account they have, or with a new one in the country they name. */
async function connect(builder: Builder, typed: string, deps: ShopDeps): Promise<Connection> {
  const { account } = builder;
  const isRejected = account?.state === "REJECTED";
  if (typed.trim() === "") {
    return account ? { builder } : { refusal: payoutCountryTexts.missing };
  }
  const country = readCountry(typed);
  if (!country) return { refusal: payoutCountryTexts.unknown(typed) };
  if (account && !isRejected) {
    const current = await accountCountry(account.id, deps);
    if (!current || current.country === country.code) return { builder };
    if (current.detailsSubmitted) {
      return { builder, note: payoutCountryTexts.fixed(countryName(current.country)) };
    }
  }
  const payable = countriesPaidFrom(await deps.stripe.platformCountry());
  if (!payable.some(({ code }) => code === country.code)) {
    const reach = payable.map(({ name }) => name);
    return { refusal: payoutCountryTexts.outOfReach(country.name, reach) };
  }
  try {
    const instead = isRejected ? account.id : undefined;
    const accountId = await deps.stripe.createAccount(builder.id, country.code, instead);
    const connected = await deps.builders.connectAccount(builder.id, accountId, account?.id);
    if (!connected) throw new TerminalError(`${builder.id} is no longer a builder.`);
    return { builder: connected };
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    await notifyOfRefusal(country.name, error, deps);
    return { refusal: payoutCountryTexts.refused(country.name) };
  }
}

/** Nothing of an account that is no longer ours to see. */
async function accountCountry(id: string, { stripe }: Pick<ShopDeps, "stripe">) {
  try {
    return await stripe.account(id);
  } catch (error) {
    if (error instanceof StripeRefusedError && error.isLostAccount) return undefined;
    throw error;
  }
}

/** Once a day and country: every builder there is refused alike. */
async function notifyOfRefusal(
  country: string,
  { message }: StripeRefusedError,
  deps: ShopDeps,
): Promise<void> {
  const day = deps.clock.now().toISOString().slice(0, 10);
  const operators = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const notice = accountRefusedNotice(country, message);
  await sendOnce(`account-refused:${country}:${day}`, operators, notice, deps);
}
