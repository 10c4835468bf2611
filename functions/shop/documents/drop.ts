import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  internal,
  list,
  oneOf,
  optional,
  person,
  personal,
  text,
  time,
} from "../../../shared/documents/fields.ts";

const BUILDERS = { of: "builder_id", erase: "remove", export: "included" } as const;

export const dropDocument = defineDocument({
  collection: "inventory",
  about: "Something that a builder sells in several units, and its post in the marketplace.",
  key: { what: "the interaction that made it" },
  kept: "forever",
  exportedIn: ["drops"],
  fields: {
    builderId: person("builder_id", { erase: "replace-with-alias", export: "included" }),
    title: text("title"),
    description: fallback(personal(text("description"), BUILDERS), ""),
    price: amount("price"),
    currency: text("currency"),
    plan: oneOf("plan", ["split", "held"]),
    stock: integer("stock"),
    limitPerBuyer: integer("limit_per_buyer"),
    isClosed: flag("is_closed"),
    channelId: optional(text("channel_id")),
    messageId: optional(text("message_id")),
    hasImage: fallback(personal(flag("has_image"), BUILDERS), false),
    imageUrl: optional(personal(text("image_url"), BUILDERS)),
    imageReadAt: optional(personal(time("image_url_at"), BUILDERS)),
    createdAt: time("created_at"),
    /** The commands that changed it, so that a repeat changes nothing. */
    appliedIds: fallback(internal(list("applied_ids", text()), "which commands were applied"), []),
  },
});
