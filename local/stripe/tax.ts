import * as z from "zod/mini";
import type { Address } from "./objects/addresses.ts";
import type { TaxBehavior } from "./objects/session-objects.ts";
import { addressParameters, toAddress } from "./requests/parameter-parts.ts";
import { text } from "./requests/parameters.ts";
import { noSuch, StripeError } from "./requests/stripe-error.ts";

/**
 * Tax as it is simulated: one rate per country in basis points, for all goods and for shipping
 * alike, as if the platform were registered in each of these countries. Elsewhere no tax is
 * collected, which also counts as calculated. A tax id changes nothing: there is no reverse charge.
 *
 * What is real: a refund has an amount of the charge and no tax of its own, and a dispute takes the
 * amount with its tax. For invoices Stripe documents that a refund reduces the reported tax in
 * proportion. For Checkout without invoices it documents nothing of the kind; an older version of
 * https://docs.stripe.com/tax/checkout said that such refunds do not reduce the reported tax. No
 * object of the API shows it either way, so nothing of it is simulated.
 */
const RATES_BPS: Readonly<Record<string, number>> = {
  AT: 2000,
  AU: 1000,
  CA: 500,
  CH: 810,
  DE: 1900,
  FR: 2000,
  GB: 2000,
  IE: 2300,
  JP: 1000,
  NL: 2100,
  NZ: 1500,
  US: 725,
};

/** The tax code of goods that are not taxed: https://docs.stripe.com/tax/tax-codes */
const NONTAXABLE = "txcd_00000000";

const WHOLE_BPS = 10_000;

/**
 * In these countries the country alone does not locate a buyer:
 * https://docs.stripe.com/tax/customer-locations
 */
const NEEDS_POSTAL_CODE = new Set(["CA", "IN", "US"]);

/** https://docs.stripe.com/api/tax/settings/object */
export interface TaxSettings {
  readonly headOffice: Address | null;
  readonly behavior: "inclusive" | "exclusive" | "inferred_by_currency" | null;
  readonly code: string | null;
}

/** As long as the platform has not set up Stripe Tax. */
export const NO_TAX_SETTINGS: TaxSettings = { headOffice: null, behavior: null, code: null };

/** https://docs.stripe.com/api/tax/settings/update */
export const taxSettingsChanges = z.strictObject({
  head_office: z.optional(z.strictObject({ address: addressParameters })),
  defaults: z.optional(
    z.strictObject({
      tax_behavior: z.optional(z.enum(["inclusive", "exclusive", "inferred_by_currency"])),
      tax_code: z.optional(text()),
    }),
  ),
});

/** The settings after a change. Nothing that is set can be removed. */
export function changeTaxSettings(
  before: TaxSettings,
  { head_office: office, defaults }: z.infer<typeof taxSettingsChanges>,
): TaxSettings {
  const code = defaults?.tax_code ?? before.code;
  requireTaxCode(code ?? undefined, "defaults[tax_code]");
  return {
    headOffice: office ? toAddress(office.address) : before.headOffice,
    behavior: defaults?.tax_behavior ?? before.behavior,
    code,
  };
}

/** The settings as the API shows them. */
export function shownTaxSettings({ headOffice, behavior, code }: TaxSettings): object {
  return {
    object: "tax.settings",
    defaults: { provider: "stripe", tax_behavior: behavior, tax_code: code },
    head_office: headOffice && { address: headOffice },
    livemode: false,
    status: headOffice ? "active" : "pending",
    status_details: headOffice ? { active: {} } : { pending: { missing_fields: ["head_office"] } },
  };
}

/** Throws when a tax code cannot exist. All codes of the right form count as existing. */
export function requireTaxCode(code: string | undefined, param: string): void {
  if (code !== undefined && !/^txcd_\d{8}$/.test(code)) throw noSuch("tax code", code, param);
}

/** The behavior of a price for tax. Throws when neither the price nor the settings say it. */
export function behaviorOf(
  own: TaxBehavior | undefined,
  { currency, param, settings }: { currency: string; param: string; settings: TaxSettings },
): "inclusive" | "exclusive" {
  if (own === "inclusive" || own === "exclusive") return own;
  if (settings.behavior === "inferred_by_currency") {
    return currency === "usd" || currency === "cad" ? "exclusive" : "inclusive";
  }
  if (settings.behavior) return settings.behavior;
  throw new StripeError(
    `You must specify \`${param}\` as inclusive or exclusive, or set a default tax behavior in your tax settings, to calculate tax automatically.`,
    { param },
  );
}

/** Whether an address is precise enough to calculate tax for. */
export function isTaxable(address: Address | null): address is Address {
  if (!address?.country) return false;
  return !NEEDS_POSTAL_CODE.has(address.country) || Boolean(address.postal_code);
}

/** The simulated rate for goods with this tax code, in basis points. */
export function taxRateBps(address: Address, code: string | null): number {
  return code === NONTAXABLE ? 0 : (RATES_BPS[address.country ?? ""] ?? 0);
}

/** The tax on an amount, and the amount with its tax, both rounded to minor units. */
export function taxed(
  amount: number,
  behavior: "inclusive" | "exclusive",
  rateBps: number,
): { readonly tax: number; readonly total: number } {
  if (behavior === "inclusive") {
    const net = Math.round((amount * WHOLE_BPS) / (WHOLE_BPS + rateBps));
    return { tax: amount - net, total: amount };
  }
  const tax = Math.round((amount * rateBps) / WHOLE_BPS);
  return { tax, total: amount + tax };
}
