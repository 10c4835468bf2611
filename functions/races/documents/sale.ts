import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  list,
  optional,
  person,
  readApart,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";

const RACER = {
  erase: "replace-with-alias",
  export: "left out: a racer's part of it is in their wallet",
} as const;

export const saleDocument = defineDocument({
  collection: "sales",
  about: "A sale of merch, and the races that share in it; its buyer is not stored.",
  key: { what: "the provider and its id of the sale" },
  kept: "forever, for commissions",
  exportedIn: [],
  fields: {
    /** "stripe", or a provider of merch by its name. */
    provider: text("provider"),
    /** What racers share in. */
    base: amount("base"),
    currency: text("currency"),
    title: text("title"),
    soldAt: time("sold_at"),
    /** When the seller reported it, whose clock was ahead. */
    notifiedAt: optional(time("notified_at")),
    isTaxIncluded: optional(flag("is_tax_included")),
    availableAt: time("available_at"),
    refunded: amount("refunded"),
    lobbyId: optional(text("named_lobby_id")),
    windows: list(
      "windows",
      record("", {
        lobbyId: text("lobby_id"),
        rateBps: integer("rate_bps"),
        racerIds: list("racer_ids", person("", RACER)),
      }),
    ),
    /** The lobbies that share in it, for queries. */
    lobbyIds: readApart(list("lobby_ids", text())),
    /** What of each share is frozen, and how often that has changed. */
    frozen: fallback(list("frozen", amount()), []),
    freezes: fallback(integer("freezes"), 0),
  },
});
