import { decimalOf } from "../../../shared/money/money.ts";
import type { StructuredData } from "../../../shared/web/page.ts";
import type { ShippingTerms, ShippingZone } from "../../shipping/domain/terms.ts";
import type { PaymentPlan } from "../domain/order.ts";
import type { Availability } from "./stock.ts";

/** What a search engine is to know of something that is sold. */
export interface StructuredOffer {
  readonly url: string;
  /** Minor units of `currency`. */
  readonly price: number;
  readonly currency: string;
  readonly availability: (typeof AVAILABILITIES)[keyof typeof AVAILABILITIES];
  /** The builder's public name. */
  readonly seller: string;
  readonly shipping: ShippingTerms | undefined;
}

/** https://schema.org/ItemAvailability */
const AVAILABILITIES = {
  ready: "InStock",
  madeToOrder: "MadeToOrder",
  soldOut: "SoldOut",
  out: "OutOfStock",
  over: "Discontinued",
} as const;

/** The availability of a drop in the words of schema.org. */
export function schemaAvailability(
  availability: Availability,
  plan: PaymentPlan,
): StructuredOffer["availability"] {
  switch (availability) {
    case "closed":
      return AVAILABILITIES.over;
    case "paused":
    case "reserved":
      return AVAILABILITIES.out;
    case "gone":
      return AVAILABILITIES.soldOut;
    case "last":
    case "left":
      return plan === "held" ? AVAILABILITIES.madeToOrder : AVAILABILITIES.ready;
  }
}

/** An offer with its price and what shipping costs. https://schema.org/Offer */
export function structuredOffer(offer: StructuredOffer): StructuredData {
  const { url, price, currency, availability, seller, shipping } = offer;
  const rates = shipping?.zones.map((zone) => shippingRate(zone, shipping, price)) ?? [];
  return {
    "@type": "Offer",
    url,
    price: decimalOf(price, currency),
    priceCurrency: currency.toUpperCase(),
    availability: `https://schema.org/${availability}`,
    itemCondition: "https://schema.org/NewCondition",
    seller: { "@type": "Person", name: seller },
    ...(rates.length > 0 && { shippingDetails: rates }),
  };
}

/** What one item costs to send to a zone; the rest of the world has no list of countries. */
function shippingRate(zone: ShippingZone, terms: ShippingTerms, price: number): StructuredData {
  const isFree = terms.freeFrom !== undefined && price >= terms.freeFrom;
  const countries = { home: [terms.from], listed: zone.countries, world: [] }[zone.kind];
  return {
    "@type": "OfferShippingDetails",
    shippingRate: {
      "@type": "MonetaryAmount",
      value: decimalOf(isFree ? 0 : zone.price, terms.currency),
      currency: terms.currency.toUpperCase(),
    },
    ...(countries.length > 0 && {
      shippingDestination: countries.map((addressCountry) => ({
        "@type": "DefinedRegion",
        addressCountry,
      })),
    }),
    deliveryTime: {
      "@type": "ShippingDeliveryTime",
      handlingTime: {
        "@type": "QuantitativeValue",
        minValue: 0,
        maxValue: terms.dispatchDays,
        unitCode: "DAY",
      },
    },
  };
}
