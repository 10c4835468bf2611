import type { StructuredData } from "../../../shared/web/page.ts";
import { cardPath } from "../../../shared/web/picture.ts";
import { structuredOffer } from "../../shop/web/structured.ts";
import type { readFacts } from "./auction-facts.ts";
import { isOpen } from "./auction-phase.ts";

type Found = NonNullable<Awaited<ReturnType<typeof readFacts>>>;

/** An auction as an event on the site, with the price so far. https://schema.org/SaleEvent */
export function structuredAuction(
  { facts, openedAt, shipping, picture }: Found,
  siteUrl: string,
): StructuredData {
  const url = `${siteUrl}/auction/${facts.id}`;
  const isOver = facts.state === "cancelled" || facts.state === "void";
  const path = cardPath({ kind: "auction", id: facts.id, number: 1 });
  return {
    "@type": "SaleEvent",
    name: `${facts.title}, at auction`,
    description: `${facts.priceLabel} ${facts.price}. ${facts.activity}.`,
    url,
    ...(openedAt && { startDate: openedAt.toISOString() }),
    ...(facts.endsAt !== null && { endDate: facts.endsAt }),
    eventStatus: `https://schema.org/${isOver ? "EventCancelled" : "EventScheduled"}`,
    eventAttendanceMode: "https://schema.org/OnlineEventAttendanceMode",
    location: { "@type": "VirtualLocation", url },
    ...(picture && { image: `${siteUrl}${path}` }),
    organizer: { "@type": "Person", name: facts.builder },
    offers: structuredOffer({
      url,
      price: facts.amount,
      currency: facts.currency,
      availability: isOpen(facts.phase) ? "InStock" : "SoldOut",
      seller: facts.builder,
      shipping,
    }),
  };
}
