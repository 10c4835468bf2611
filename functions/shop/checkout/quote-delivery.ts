import { countryName } from "../../../shared/text/countries.ts";
import { type Parcel, takesMore } from "../../shipping/domain/parcel.ts";
import {
  countriesOf,
  needsCountry,
  PICKUP,
  type ShippingTerms,
  type ShippingZone,
  shippingPrice,
  zoneOf,
} from "../../shipping/domain/terms.ts";
import type { Deps } from "../deps.ts";
import type { Order } from "../domain/order.ts";

/** Dependencies of `quoteDelivery`. */
export type QuoteDeps = Pick<Deps, "shipCountries" | "parcels" | "builders" | "clock">;

/** How an order is delivered. */
export type Delivery = NonNullable<Order["delivery"]>;

/** What is bought, and by whom. */
export interface DeliveryRequest {
  readonly buyerId: string;
  readonly builderId: string;
  /** The price of all items. */
  readonly itemsAmount: number;
  readonly quantity: number;
  /** What the buyer chose for this order alone: a country, or "pickup". */
  readonly destination?: string | undefined;
}

/** How something is delivered, and what that costs. */
interface AgreedDelivery {
  readonly outcome: "delivery";
  readonly delivery: Delivery;
  readonly shipping: number;
}

/**
 * How something is delivered; that its buyer must say where it goes; or that it is not shipped to
 * their country.
 */
export type DeliveryQuote =
  | AgreedDelivery
  | { readonly outcome: "which-country"; readonly isFurther: boolean }
  | { readonly outcome: "not-there"; readonly country: string };

/** Quotes the delivery to the country that the buyer has chosen, now or earlier. Reads only. */
export async function quoteDelivery(
  terms: ShippingTerms,
  request: DeliveryRequest,
  deps: QuoteDeps,
): Promise<DeliveryQuote> {
  const destination =
    request.destination ?? onlyPickup(terms) ?? (await deps.shipCountries.get(request.buyerId));
  const open = await openParcels(request, deps);
  if (destination === undefined) {
    if (needsCountry(terms)) return { outcome: "which-country", isFurther: open.length > 0 };
    const zones = terms.zones;
    return agreed(terms, request, { zones, joins: open[0] });
  }
  if (destination === PICKUP) return agreed(terms, request, { zones: [], joins: undefined });
  const zone = zoneOf(terms, destination);
  if (!zone) return { outcome: "not-there", country: destination };
  const joins = open.find((parcel) => parcel.destination === destination);
  return agreed(terms, request, { zones: [zone], joins });
}

/**
 * The same for somebody who is not asked, such as the winner of an auction: without a known country Checkout offers
 * every zone, and what was paid is compared with the address afterwards.
 */
export async function quoteUnasked(
  terms: ShippingTerms,
  request: DeliveryRequest,
  deps: QuoteDeps,
): Promise<AgreedDelivery> {
  const quote = await quoteDelivery(terms, request, deps);
  if (quote.outcome === "delivery") return quote;
  const [joins] = quote.outcome === "which-country" ? await openParcels(request, deps) : [];
  return agreed(terms, request, { zones: terms.zones, joins });
}

function onlyPickup({ zones, isPickup }: ShippingTerms): string | undefined {
  return zones.length === 0 && isPickup ? PICKUP : undefined;
}

/** The buyer's parcels that take another order of theirs. */
async function openParcels(
  { buyerId, builderId }: DeliveryRequest,
  { parcels, builders, clock }: QuoteDeps,
): Promise<readonly Parcel[]> {
  const open = await parcels.openOf(buyerId, builderId);
  if (open.length === 0) return [];
  const report = await builders.streamReport(builderId);
  return open.filter((parcel) => takesMore(parcel, report, clock.now()));
}

function agreed(
  terms: ShippingTerms,
  { itemsAmount, quantity }: DeliveryRequest,
  { zones, joins }: { zones: readonly ShippingZone[]; joins: Parcel | undefined },
): AgreedDelivery {
  const { dispatchDays, bundleHours, needsPhone } = terms;
  const isFurther = joins !== undefined;
  const options = zones.map((zone) => {
    const countries = countriesOf(zone, terms);
    const [country = ""] = countries;
    const price = shippingPrice(terms, country, { itemsAmount, quantity, isFurther });
    const amount = price === "not-there" ? zone.price : price.amount;
    const name = isFurther ? "Ships together with your other order" : nameOf(zone, terms);
    return { id: zone.kind, name, amount, countries: [...countries] };
  });
  const shipping = options[0]?.amount ?? 0;
  const isOnePrice = options.every(({ amount }) => amount === shipping);
  const [first] = options;
  const everywhere = {
    id: "anywhere",
    name: isFurther ? (first?.name ?? "") : "Shipping",
    amount: shipping,
    countries: options.flatMap(({ countries }) => countries),
  };
  const offered = options.length > 1 && isOnePrice ? [everywhere] : options;
  const delivery = { options: offered, joins: joins?.id, dispatchDays, bundleHours, needsPhone };
  return { outcome: "delivery", delivery, shipping };
}

/** How Checkout names the delivery to a zone. */
function nameOf(zone: ShippingZone, terms: ShippingTerms): string {
  if (zone.kind === "home") return `Shipping within ${countryName(terms.from)}`;
  const [only, ...others] = countriesOf(zone, terms);
  if (only !== undefined && others.length === 0) return `Shipping to ${countryName(only)}`;
  return zone.kind === "listed" ? "Shipping to listed countries" : "Shipping worldwide";
}

/** All countries to which a delivery is offered. */
export function countriesOfDelivery({ options }: Delivery): readonly string[] {
  return [...new Set(options.flatMap(({ countries }) => countries))];
}
