import { StripeRefusedError } from "../clients/stripe-errors.ts";
import { accountStateOf } from "../domain/seller-account.ts";
import { accountChanged } from "../messages/builders.ts";
import { type SendDeps, sendDmOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import type { Builder } from "../store/builders.ts";

/** What keeping an account's state needs. */
export type AccountDeps = SendDeps & Pick<Deps, "builders" | "users" | "stripe" | "log">;

/** Stripe does not change an account so often. */
const MAX_ROUNDS = 5;

/**
 * Keeps what a builder's account is at Stripe at this moment, and tells them of a change once. An
 * account we may no longer see counts as REJECTED.
 *
 * Twice: nothing has changed, and the message has its record. Dying before the message: the repeat
 * finds the same number of changes and sends it.
 */
export async function keepAccountState(
  { id, account }: Builder,
  deps: AccountDeps,
): Promise<Builder | undefined> {
  if (!account) return undefined;
  const builder = await recordUntilStable(id, account.id, deps);
  if (builder?.account && builder.account.version > 0) {
    const key = `account-state:${account.id}:${builder.account.version}`;
    await sendDmOnce(key, id, accountChanged(builder.account), deps);
  }
  return builder;
}

/** What was read may be older than what another run has written meanwhile: so it is read again. */
async function recordUntilStable(
  id: string,
  accountId: string,
  deps: AccountDeps,
): Promise<Builder | undefined> {
  let read = await readAccount(accountId, deps);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const builder = await deps.builders.recordAccount(id, { id: accountId, ...read });
    const again = await readAccount(accountId, deps);
    if (again.state === read.state) return builder;
    read = again;
  }
  throw new Error(`Account ${accountId} changes all the time.`);
}

async function readAccount(id: string, { stripe }: Pick<Deps, "stripe">) {
  try {
    const facts = await stripe.account(id);
    return { state: accountStateOf(facts), missing: facts.missing };
  } catch (error) {
    if (!(error instanceof StripeRefusedError && error.isLostAccount)) throw error;
    return { state: "REJECTED" as const, missing: [] };
  }
}
