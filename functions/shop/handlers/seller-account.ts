import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { type AccountDeps, keepAccountState } from "../../members/accounts/seller-account.ts";
import { builderAccount, racerAccountWords } from "../../members/messages/payout-accounts.ts";
import type { Deps } from "../deps.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";

type SellerAccountDeps = AccountDeps &
  Pick<Deps, "builders" | "wallets" | "releases" | "publisher">;

/**
 * Records a change of a builder's or racer's connected account, or that they disconnected it, and notifies them.
 * Once a builder's account can receive money, the orders that were proved meanwhile are released.
 *
 * Idempotency: repeats and order do not matter, because the account is read from Stripe, and each change of state
 * has one number and one message. An unknown account is retried, because it may be just being created; after the
 * last attempt its event becomes a dead letter.
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
    throw new Error(`Account ${accountId} belongs to nobody yet.`);
  }
  const kind = { accounts: builders, words: builderAccount };
  const builder = await keepAccountState(known, kind, deps);
  if (builder?.account?.state !== "ACTIVE") return;
  for (const orderId of await deps.releases.waitingOf(builder.id)) {
    const release = { id: `account-ready.${event.id}.${orderId}`, orderId };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
});
