import { keepForOperators } from "../../../shared/runtime/delivery/keep-for-operators.ts";
import type { Deps } from "../deps.ts";
import type { SaleMade } from "../events/sale.ts";

/** Dependencies of reporting foreign refunds. */
export type ReportForeignDeps = Pick<Deps, "log" | "publisher">;

/**
 * Reports refunds whose currency differs from their sale's. Such refunds deduct nothing from the sale, so the
 * operators are notified, once per sale and set of refunds. Throws if the report could not be stored.
 */
export async function reportForeign(
  { id, currency }: Pick<SaleMade, "id" | "currency">,
  refundIds: readonly string[],
  deps: ReportForeignDeps,
): Promise<void> {
  const deadLetter = {
    id: `foreign-refund.${id}.${refundIds.join(".")}`,
    functionName: "clawback",
    reason: `Refunds of ${id} are not in its currency and were not taken off. Look them up there; ./dev ops ledger refund takes off what you say.`,
    attributes: {},
    body: JSON.stringify({ sale: id, currency, refunds: refundIds }),
    isReport: true,
  };
  deps.log.error("Refunds are not in their sale's currency", undefined, { sale: id });
  if (!(await keepForOperators(deadLetter, deps)))
    throw new Error("Foreign refunds were not reported");
}
