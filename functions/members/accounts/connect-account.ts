import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { countryName } from "../../../shared/text/countries.ts";
import type { Deps } from "../deps.ts";
import { countriesPaidFrom, readCountry } from "../domain/payout-country.ts";
import { accountRefusedNotice } from "../messages/operators.ts";
import {
  accountAnswer,
  accountRejectedText,
  payoutCountryTexts,
} from "../messages/payout-accounts.ts";
import type { AccountHolder } from "../store/seller-accounts.ts";
import { type AccountDeps, type AccountKind, keepAccountState } from "./seller-account.ts";

/** Dependencies of connecting an account. */
export type ConnectDeps = AccountDeps & Pick<Deps, "config">;

/**
 * Creates a person's connected account in the country they name, once, and answers with a fresh link: to Stripe's
 * form until the account is active, then to their Stripe dashboard. Also stores the account's current state at
 * Stripe. Naming another country before the form is submitted replaces the account. After that the country is
 * fixed, unless Stripe has rejected the account or the person has disconnected it: then naming a country opens a
 * new account.
 *
 * Idempotency: the account is keyed by person and country; every call creates new links. Crash safety: if an
 * account was created but not stored, a repeat gets the same account from Stripe.
 */
export async function connectPayouts<Holder extends AccountHolder>(
  known: Holder,
  country: string,
  kind: AccountKind<Holder>,
  deps: ConnectDeps,
): Promise<OutgoingMessage> {
  const { words } = kind;
  const connected = await connect(known, country, kind, deps);
  if ("refusal" in connected) return { content: connected.refusal };
  const holder = await keepAccountState(connected.holder, kind, deps);
  const account = holder?.account;
  if (!account || account.state === "REJECTED") return { content: accountRejectedText(words) };
  const isDashboard = account.state === "ACTIVE";
  const site = deps.config.PUBLIC_SITE_URL;
  const url = isDashboard
    ? await deps.stripe.dashboardLink(account.id)
    : await deps.stripe.accountLink(account.id, {
        refresh: `${site}/payouts/refresh`,
        return: `${site}/payouts/return`,
      });
  return accountAnswer(account, words, { url, isDashboard, note: connected.note });
}

/** A holder with an account and an optional note for them, or the reason why there is no account. */
type Connection<Holder> =
  | { readonly holder: Holder; readonly note?: string }
  | { readonly refusal: string };

/** Returns the holder with their existing account, or with a new one in the country they name. */
async function connect<Holder extends AccountHolder>(
  holder: Holder,
  typed: string,
  { accounts, words }: AccountKind<Holder>,
  deps: ConnectDeps,
): Promise<Connection<Holder>> {
  const { account } = holder;
  const isRejected = account?.state === "REJECTED";
  if (typed.trim() === "") {
    return account ? { holder } : { refusal: payoutCountryTexts.missing(words) };
  }
  const country = readCountry(typed);
  if (!country) return { refusal: payoutCountryTexts.unknown(words, typed) };
  if (account && !isRejected) {
    const current = await accountCountry(account.id, deps);
    if (!current || current.country === country.code) return { holder };
    if (current.detailsSubmitted) {
      return { holder, note: payoutCountryTexts.fixed(countryName(current.country)) };
    }
  }
  const payable = countriesPaidFrom(await deps.stripe.platformCountry());
  if (!payable.some(({ code }) => code === country.code)) {
    const reach = payable.map(({ name }) => name);
    return { refusal: payoutCountryTexts.outOfReach(words, country.name, reach) };
  }
  try {
    const instead = isRejected ? account.id : undefined;
    const accountId = await deps.stripe.createAccount(holder.id, country.code, instead);
    const connected = await accounts.connectAccount(holder.id, accountId, account?.id);
    if (!connected) throw new TerminalError(`${holder.id} can no longer be paid.`);
    return { holder: connected };
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    await notifyOfRefusal(country.name, error, deps);
    return { refusal: payoutCountryTexts.refused(words, country.name) };
  }
}

/** The account's country at Stripe; undefined if we may no longer access the account. */
async function accountCountry(id: string, { stripe }: Pick<Deps, "stripe">) {
  try {
    return await stripe.account(id);
  } catch (error) {
    if (error instanceof StripeRefusedError && error.isLostAccount) return undefined;
    throw error;
  }
}

/**
 * Notifies the operators once per day and country, because Stripe refuses everyone in that country for the same
 * reason.
 */
async function notifyOfRefusal(
  country: string,
  { message }: StripeRefusedError,
  deps: ConnectDeps,
): Promise<void> {
  const day = deps.clock.now().toISOString().slice(0, 10);
  const operators = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const notice = accountRefusedNotice(country, message);
  await sendOnce(`account-refused:${country}:${day}`, operators, notice, deps);
}
