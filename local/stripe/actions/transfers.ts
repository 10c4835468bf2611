import * as z from "zod/mini";
import { PLATFORM } from "../balances.ts";
import type { Charge, Transfer, TransferReversal } from "../objects/objects.ts";
import { currency } from "../requests/parameter-parts.ts";
import { mergeMetadata, metadata, positiveInteger, text } from "../requests/parameters.ts";
import { insufficientBalance, noSuch, StripeError } from "../requests/stripe-error.ts";
import { change, type World } from "../world.ts";
import { requireTransfersActive } from "./accounts.ts";

/** How many reversals a transfer object lists. */
const SHOWN_REVERSALS = 10;

/** https://docs.stripe.com/api/transfers/create */
export const transferParameters = z.strictObject({
  amount: positiveInteger,
  currency,
  description: z.optional(text()),
  destination: text(),
  metadata: z.optional(metadata),
  source_transaction: z.optional(text()),
  transfer_group: z.optional(text()),
});

/** https://docs.stripe.com/api/transfer_reversals/create */
export const reversalParameters = z.strictObject({
  amount: z.optional(positiveInteger),
  description: z.optional(text()),
  metadata: z.optional(metadata),
});

/**
 * Transfers money to a connected account, either from one charge, whose funds it waits for, or from
 * the platform's available balance:
 * https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export function createTransfer(world: World, given: z.infer<typeof transferParameters>): Transfer {
  const { amount, currency, destination, source_transaction: source } = given;
  const ownMetadata = mergeMetadata({}, given.metadata);
  requireTransfersActive(world, destination, "destination");
  const charge = source === undefined ? undefined : requireSource(world, source, given);
  if (!charge && world.balances.available(PLATFORM, currency) < amount) {
    throw insufficientBalance(
      "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance.",
    );
  }
  if (charge) change(charge, { transfer_group: groupOf(charge, given.transfer_group) });
  const id = world.newId("tr");
  const url = `/v1/transfers/${id}/reversals`;
  const transfer: Transfer = {
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.nowSeconds(),
    currency,
    description: given.description ?? null,
    destination,
    destination_payment: world.newId("py"),
    livemode: false,
    metadata: ownMetadata,
    reversals: { object: "list", data: [], has_more: false, total_count: 0, url },
    reversed: false,
    source_transaction: source ?? null,
    source_type: "card",
    transfer_group: charge?.transfer_group ?? given.transfer_group ?? null,
  };
  const availableAtMs = world.fundsAtMs.get(source ?? "");
  world.balances.move(PLATFORM, destination, currency, amount, availableAtMs);
  world.transfers.set(id, transfer);
  world.emit("transfer.created", transfer);
  return transfer;
}

/** Finds a transfer. Throws when it does not exist. */
export function transferOf(world: World, id: string): Transfer {
  const transfer = world.transfers.get(id);
  if (!transfer) throw noSuch("transfer", id);
  return transfer;
}

/** Reverses a transfer, up to what its destination has available. */
export function createReversal(
  world: World,
  id: string,
  given: z.infer<typeof reversalParameters>,
): TransferReversal {
  const ownMetadata = mergeMetadata({}, given.metadata);
  const transfer = transferOf(world, id);
  world.account(transfer.destination);
  const left = transfer.amount - transfer.amount_reversed;
  if (left === 0) throw new StripeError(`Transfer ${id} is already fully reversed.`);
  const amount = given.amount ?? left;
  if (amount > left) {
    throw new StripeError(
      `The amount to be reversed (${amount}) is greater than the unreversed amount of the transfer (${left}).`,
      { param: "amount" },
    );
  }
  // A reversal can only take available funds of the destination.
  if (world.balances.available(transfer.destination, transfer.currency) < amount) {
    throw insufficientBalance(
      `The account ${transfer.destination} has insufficient funds to reverse ${amount} ${transfer.currency} of the transfer ${id}.`,
    );
  }
  const reversal: TransferReversal = {
    id: world.newId("trr"),
    object: "transfer_reversal",
    amount,
    balance_transaction: null,
    created: world.nowSeconds(),
    currency: transfer.currency,
    destination_payment_refund: world.newId("pyr"),
    metadata: ownMetadata,
    source_refund: null,
    transfer: transfer.id,
  };
  world.balances.move(transfer.destination, PLATFORM, transfer.currency, amount);
  world.reversals.set(reversal.id, reversal);
  const { reversals } = transfer;
  const amountReversed = transfer.amount_reversed + amount;
  const previous = change(transfer, {
    amount_reversed: amountReversed,
    reversed: amountReversed === transfer.amount,
    reversals: {
      ...reversals,
      data: [reversal, ...reversals.data].slice(0, SHOWN_REVERSALS),
      has_more: reversals.total_count >= SHOWN_REVERSALS,
      total_count: reversals.total_count + 1,
    },
  });
  world.emit("transfer.reversed", transfer, { previous });
  return reversal;
}

/** Finds the charge that funds a transfer. Throws unless it was paid and covers the transfer. */
function requireSource(
  world: World,
  id: string,
  { amount, currency }: { amount: number; currency: string },
): Charge {
  const param = "source_transaction";
  const charge = world.charges.get(id);
  if (!charge) throw noSuch("charge", id, param);
  if (!charge.paid) {
    throw new StripeError(`Charge ${id} has not succeeded, so it cannot fund a transfer.`, {
      param,
    });
  }
  const settled = world.settledAs(charge.currency);
  if (settled !== currency) {
    throw new StripeError(
      `The currency of source_transaction's balance transaction (${settled}) must be the same as the transfer currency (${currency})`,
      { param: "currency" },
    );
  }
  if (charge.balance_transaction === null) {
    throw new StripeError(
      `Charge ${id} has no balance transaction yet, so it cannot fund a transfer.`,
      { param },
    );
  }
  // Reversing a transfer does not free its amount for another one.
  let transferred = 0;
  for (const transfer of world.transfers.values()) {
    if (transfer.source_transaction === id) transferred += transfer.amount;
  }
  if (transferred + amount > charge.amount) {
    throw new StripeError(
      `The transfers of charge ${id} cannot add up to more than its amount: ${charge.amount - transferred} is left.`,
      { code: "balance_insufficient", param: "amount" },
    );
  }
  return charge;
}

/** Stripe names the group after the payment intent when the charge has none. */
function groupOf(charge: Charge, given: string | undefined): string {
  return charge.transfer_group ?? given ?? `group_${charge.payment_intent}`;
}
