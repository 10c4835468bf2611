import { mustEqual, mustHold } from "../../rules.ts";
import type { Known } from "./known.ts";
import type { Changed, DeliveryOption, OrderState, TermsState, ZoneTerms } from "./state.ts";

/** An option for all countries, where every zone costs the same. */
const ANYWHERE = "anywhere";

/** S13: what is newly sold begins with its builder's terms. */
export function checkNewTerms({ before, now }: Changed<TermsState>, known: Known, atMs: number) {
  const { id, builder, terms } = now;
  if (before || id === builder || terms === undefined) return;
  const versions = recentTerms(known, builder, atMs).map((each) => JSON.stringify(each));
  mustHold(
    "S13",
    versions.includes(JSON.stringify(terms)),
    () => `${id} began with ${JSON.stringify(terms)}, and its builder's terms are ${versions}`,
  );
}

/** Remembers terms with the time from which they count. */
export function rememberTerms({ now }: Changed<TermsState>, known: Known, atMs: number): void {
  const { id, state, terms } = now;
  if (state === "void") known.been.add(`auction ${id} is void`);
  const versions = known.shippingTerms.get(id) ?? [];
  if (terms && JSON.stringify(versions.at(-1)?.version) !== JSON.stringify(terms)) {
    known.shippingTerms.set(id, [...versions, { fromMs: atMs, version: terms }]);
  }
}

/**
 * S13: a new order offers its delivery at the prices of its drop's or auction's terms, and its buyer pays for one of
 * what it offers.
 */
export function checkDelivery(
  { before, now }: Changed<OrderState>,
  known: Known,
  atMs: number,
): void {
  const { id, shipping, delivery, soldAs } = now;
  if (!delivery || soldAs === undefined) return;
  const amounts = delivery.options.map(({ amount }) => amount);
  const isOffered = amounts.length === 0 ? shipping === 0 : amounts.includes(shipping);
  mustHold("S13", isOffered, () => `order ${id} ships for ${shipping}, of ${amounts}`);
  if (before) {
    mustEqual("S13", `how order ${id} is delivered`, delivery, before.delivery);
    return;
  }
  const versions = recentTerms(known, soldAs, atMs);
  const isRight = versions.some((terms) => isPriced(now, terms));
  mustHold(
    "S13",
    isRight,
    () => `order ${id} offers ${JSON.stringify(delivery)}, by none of ${JSON.stringify(versions)}`,
  );
}

/** The terms that may have been read for what is stored now. */
function recentTerms({ shippingTerms, terms }: Known, id: string, atMs: number) {
  const versions = shippingTerms.get(id) ?? [];
  return versions.flatMap(({ version }, index) => {
    const untilMs = versions[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    return untilMs + terms.skewMs > atMs ? [version] : [];
  });
}

type Terms = NonNullable<TermsState["terms"]>;

function isPriced(order: OrderState, terms: Terms): boolean {
  const { options, dispatchDays, bundleHours } = order.delivery ?? { options: [] };
  if (dispatchDays !== terms.dispatchDays || bundleHours !== terms.bundleHours) return false;
  if (options.length === 0) return terms.isPickup;
  return options.every((option) => {
    const zones = terms.zones.filter(({ kind }) => option.id === ANYWHERE || kind === option.id);
    return zones.length > 0 && zones.every((zone) => isPriceOf(order, option, zone, terms));
  });
}

/** The first item costs the zone's price unless it joins a parcel, and each further one what that adds. */
function isPriceOf(
  { quantity, amount, shipping, tax, delivery }: OrderState,
  option: DeliveryOption,
  { kind, countries, price, further }: ZoneTerms,
  { from, freeFrom }: Terms,
): boolean {
  const items = amount - shipping - tax;
  const isFree = freeFrom !== undefined && items >= freeFrom;
  const first = delivery?.joins === undefined ? price : further;
  const due = isFree ? 0 : first + further * (quantity - 1);
  const own = { home: [from], listed: countries }[kind];
  const isTheirs =
    option.id === ANYWHERE || !own || option.countries.every((code) => own.includes(code));
  return option.amount === due && isTheirs;
}
