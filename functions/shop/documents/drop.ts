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
  optionalGroup,
  person,
  personal,
  readApart,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { shippingTerms } from "../../shipping/documents/shipping-terms.ts";

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
    /** Minor units of `currency`. */
    price: amount("price"),
    currency: text("currency"),
    plan: oneOf("plan", ["split", "held"]),
    /** Where it ships to and for how much: the builder's terms when it was made. */
    shipping: optional(shippingTerms),
    /** All units ever added. */
    stock: integer("stock"),
    limitPerBuyer: integer("limit_per_buyer"),
    isClosed: flag("is_closed"),
    /**
     * Of one that was not opened at once. `draft`: only its builder sees it. `opening`: on sale, and about to be
     * posted. `discarded`: thrown away before it opened. Absent once it is posted.
     */
    draftState: optional(oneOf("draft_state", ["draft", "opening", "discarded"])),
    /** When a draft opens by itself, until it is posted. */
    opensAt: optional(time("opens_at")),
    /**
     * Its announcement among the server's events, until the drop is closed. `begun` is stored before Discord is asked to
     * create it; `refused` is not tried again until the drop changes.
     */
    event: optional(
      record("event", {
        id: optional(text("id")),
        state: oneOf("state", ["begun", "scheduled", "running", "refused"]),
        startsAt: time("starts_at"),
        /** A digest of what it says. */
        shows: text("shows"),
      }),
    ),
    /** The DM that keeps a draft's pictures until it opens. */
    preview: optionalGroup(["preview_channel_id", "preview_message_id"], {
      channelId: personal(text("preview_channel_id"), BUILDERS),
      messageId: personal(text("preview_message_id"), BUILDERS),
    }),
    /** The message in the marketplace channel, once it is posted. */
    post: optionalGroup(["channel_id", "message_id"], {
      channelId: text("channel_id"),
      messageId: text("message_id"),
    }),
    hasImage: fallback(personal(flag("has_image"), BUILDERS), false),
    /** How many pictures it has; absent on drops from before there could be several. */
    imageCount: optional(personal(integer("image_count"), BUILDERS)),
    /** The addresses of the post's pictures at Discord, which work for about a day after `readAt`. */
    image: optionalGroup(["image_url", "image_url_at"], {
      url: personal(text("image_url"), BUILDERS),
      moreUrls: fallback(personal(list("more_image_urls", text()), BUILDERS), []),
      /** The size of each, as "1200x900"; empty if Discord did not say. */
      sizes: fallback(personal(list("image_sizes", text()), BUILDERS), []),
      readAt: personal(time("image_url_at"), BUILDERS),
    }),
    /** Whether somebody may be waiting for units. */
    hasWaiting: fallback(internal(flag("has_waiting"), "the sweeper's own mark"), false),
    createdAt: time("created_at"),
    /** The commands that changed it, so that a repeat changes nothing. */
    appliedIds: readApart(internal(list("applied_ids", text()), "which commands were applied")),
  },
});
