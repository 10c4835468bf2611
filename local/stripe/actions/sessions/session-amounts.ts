import type { Address } from "../../objects/addresses.ts";
import type {
  AutomaticTax,
  LineItem,
  Session,
  ShippingCost,
} from "../../objects/session-objects.ts";
import { behaviorOf, isTaxable, taxed, taxRateBps } from "../../tax.ts";
import { change, type World } from "../../world.ts";
import type { SessionRecord } from "./sessions.ts";

/** What the amounts of a session follow from, besides its items. */
interface Chosen {
  /** The shipping rate; null where none is offered. */
  readonly rateId: string | null;
  /** Where the buyer is for tax; null while that is unknown. */
  readonly location: Address | null;
}

/** Calculates a session's amounts, tax and shipping included. */
export function priceSession(world: World, record: SessionRecord, chosen: Chosen): void {
  const { session, extras } = record;
  const status = taxStatus(world, session, chosen.location);
  const location = status === "complete" ? chosen.location : null;
  const lineItems = record.lineItems.map((item, index) =>
    taxedItem(world, record, { item, index, location }),
  );
  record.lineItems = lineItems;
  const shipping = shippingCost(world, chosen.rateId, location);
  const itemsTax = lineItems.reduce((sum, item) => sum + item.amount_tax, 0);
  const itemsTotal = lineItems.reduce((sum, item) => sum + item.amount_total, 0);
  const extraTax = extras.isTaxIncluded ? 0 : extras.tax;
  change(session, {
    amount_total:
      itemsTotal + (shipping?.amount_total ?? 0) - extras.discount + extras.shipping + extraTax,
    automatic_tax: { ...session.automatic_tax, status },
    shipping_cost: shipping ?? (extras.shipping === 0 ? null : untaxed(extras.shipping)),
    total_details: {
      amount_discount: extras.discount,
      amount_shipping: (shipping?.amount_subtotal ?? 0) + extras.shipping,
      amount_tax: itemsTax + (shipping?.amount_tax ?? 0) + extras.tax,
    },
  });
}

/** Whether tax can be calculated; null where it is not. */
function taxStatus(
  world: World,
  { automatic_tax: { enabled } }: Session,
  location: Address | null,
): AutomaticTax["status"] {
  if (!enabled) return null;
  if (world.isTaxFailing) return "failed";
  return isTaxable(location) ? "complete" : "requires_location_inputs";
}

function taxedItem(
  world: World,
  { given }: SessionRecord,
  { item, index, location }: { item: LineItem; index: number; location: Address | null },
): LineItem {
  if (!location) return { ...item, amount_tax: 0, amount_total: item.amount_subtotal };
  const { taxSettings: settings } = world;
  const price = given.line_items[index]?.price_data;
  const param = `line_items[${index}][price_data][tax_behavior]`;
  const behavior = behaviorOf(price?.tax_behavior, { currency: item.currency, param, settings });
  const rateBps = taxRateBps(location, price?.product_data.tax_code ?? settings.code);
  const { tax, total } = taxed(item.amount_subtotal, behavior, rateBps);
  return { ...item, amount_tax: tax, amount_total: total };
}

function shippingCost(
  world: World,
  rateId: string | null,
  location: Address | null,
): ShippingCost | null {
  const rate = world.shippingRates.get(rateId ?? "");
  if (!rate) return null;
  const { amount, currency } = rate.fixed_amount;
  if (!location) return { ...untaxed(amount), shipping_rate: rate.id };
  const { taxSettings: settings } = world;
  const behavior = behaviorOf(rate.tax_behavior, { currency, param: "shipping_options", settings });
  const { tax, total } = taxed(amount, behavior, taxRateBps(location, rate.tax_code));
  return { amount_subtotal: amount, amount_tax: tax, amount_total: total, shipping_rate: rate.id };
}

function untaxed(shipping: number): ShippingCost {
  const amounts = { amount_subtotal: shipping, amount_tax: 0, amount_total: shipping };
  return { ...amounts, shipping_rate: null };
}
