import { orderReleaseRequested } from "../../shared/events/order-release-requested.ts";
import { stripeEventReceived } from "../../shared/events/stripe-event.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { type AccountDeps, keepAccountState } from "../../shared/shop/seller-account.ts";

type SellerAccountDeps = AccountDeps & Pick<Deps, "releases" | "publisher">;

/**
 * A builder's connected account has changed, or they took it from us: its state is kept and told,
 * and once it can take money, what was proved meanwhile is released.
 *
 * Repeats and order do not matter: the account is read from Stripe, each change of state has one
 * number and one message. An account that is no builder's yet is waited for: it may be made at this
 * moment; in the end its event is kept with the dead letters.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: SellerAccountDeps) => {
  if (event.type !== "account.updated" && event.type !== "account.application.deauthorized") return;
  const accountId = event.accountId ?? event.objectId;
  const known = await deps.builders.findByAccount(accountId);
  if (!known) {
    if (await deps.builders.isFormerAccount(accountId)) return;
    throw new Error(`Account ${accountId} is no builder's, or not yet.`);
  }
  const builder = await keepAccountState(known, deps);
  if (builder?.account?.state !== "ACTIVE") return;
  for (const orderId of await deps.releases.waitingOf(builder.id)) {
    const release = { id: `account-ready.${event.id}.${orderId}`, orderId };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
});
