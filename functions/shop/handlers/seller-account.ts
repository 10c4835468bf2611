import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/subscriber.ts";
import { type AccountDeps, keepAccountState } from "../../members/accounts/seller-account.ts";
import { builderAccount, racerAccountWords } from "../../members/messages/payout-accounts.ts";
import type { Deps } from "../deps.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";

type SellerAccountDeps = AccountDeps &
  Pick<Deps, "builders" | "wallets" | "releases" | "publisher">;

/**
 * The connected account of a builder or a racer has changed, or they took it from us: its state is kept, they are
 * notified, and once a builder's can take money, what was proved meanwhile is released.
 *
 * Repeats and order do not matter: the account is read from Stripe, each change of state has one
 * number and one message. An account that is nobody's yet is waited for: it may be made at this
 * moment; in the end its event is kept with the dead letters.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: SellerAccountDeps) => {
  if (event.type !== "account.updated" && event.type !== "account.application.deauthorized") return;
  const accountId = event.accountId ?? event.objectId;
  const { builders, wallets } = deps;
  const known = await builders.findByAccount(accountId);
  if (!known) {
    const racer = await wallets.findByAccount(accountId);
    if (racer) {
      await keepAccountState(racer, { accounts: wallets, words: racerAccountWords }, deps);
      return;
    }
    if (await builders.isFormerAccount(accountId)) return;
    if (await wallets.isFormerAccount(accountId)) return;
    throw new Error(`Account ${accountId} is nobody's, or not yet.`);
  }
  const kind = { accounts: builders, words: builderAccount };
  const builder = await keepAccountState(known, kind, deps);
  if (builder?.account?.state !== "ACTIVE") return;
  for (const orderId of await deps.releases.waitingOf(builder.id)) {
    const release = { id: `account-ready.${event.id}.${orderId}`, orderId };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
});
