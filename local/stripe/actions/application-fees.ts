import { PLATFORM } from "../balances.ts";
import type { Charge } from "../objects.ts";
import { change, type World } from "../world.ts";

/**
 * The part of `whole` that belongs to `amount` of `total` when `before` went ahead of it. Parts that
 * add up to the total add up to the whole, to the last minor unit.
 */
export function proportion(whole: number, total: number, before: number, amount: number): number {
  const upTo = (part: number) => Math.round((whole * part) / total);
  return upTo(before + amount) - upTo(before);
}

/** How much of a charge's fee belongs to `amount` of it, as far as the fee is not given back yet. */
export function feeShare(world: World, charge: Charge, before: number, amount: number): number {
  const fee = world.applicationFees.get(charge.application_fee ?? "");
  if (!fee) return 0;
  const share = proportion(fee.amount, charge.amount, before, amount);
  return Math.min(share, fee.amount - fee.amount_refunded);
}

/** Gives some of the platform's fee back to the account that it was taken from. */
export function refundFee(world: World, charge: Charge, amount: number): void {
  const fee = world.applicationFees.get(charge.application_fee ?? "");
  if (!fee || amount === 0) return;
  world.balances.move(PLATFORM, fee.account, fee.currency, amount);
  const refunded = fee.amount_refunded + amount;
  const previous = change(fee, { amount_refunded: refunded, refunded: refunded === fee.amount });
  world.emit("application_fee.refunded", fee, { previous });
}
