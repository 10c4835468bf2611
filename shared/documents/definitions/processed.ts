import { defineDocument } from "../define-document.ts";
import {
  fallback,
  flag,
  integer,
  internal,
  optional,
  personal,
  readApart,
  text,
  time,
} from "../fields.ts";

/** Longer than any bank's dispute, which looks up what was sent to the buyer, and than any repeat. */
const REMEMBERED_MS = 2 * 365 * 24 * 3_600_000;

/** When the database may delete what is only kept to know a repeat again, by a policy on this field. */
export function expiresAt(now: Date): Date {
  return new Date(now.getTime() + REMEMBERED_MS);
}

export const processedDocument = defineDocument({
  collection: "processed",
  about:
    "That something was done once: a message sent, an announcement claimed, a command decided.",
  key: {
    what: "what was done; of a notice to someone it begins with their Discord user id",
    personal: {
      erase: "delete-document",
      export: "left out: it only says that something was done",
    },
  },
  kept: "two years, so that a repeat is known again; why a payout was refused, forever",
  exportedIn: [],
  fields: {
    /** Where the message went: of a DM, the channel between the bot and the person. */
    channelId: optional(
      personal(text("channel_id"), {
        erase: "remove",
        export: "left out: it only says that something was done",
      }),
    ),
    messageId: optional(text("message_id")),
    /** The go-live that claims an announcement. */
    goLiveId: optional(text("go_live_id")),
    /** It could not be posted: anyone may claim it now, and its own go-live may still post it. */
    isWithdrawn: fallback(flag("is_withdrawn"), false),
    /** The lobby that a command of races came to mean. */
    lobbyId: optional(text("lobby_id")),
    /** What a command was refused with. */
    refusal: optional(text("refusal")),
    /** Why a payout was refused, what its wallet had, and the command that counts instead. */
    payoutRefusal: optional(text("payout_refusal")),
    available: optional(integer("available")),
    otherId: optional(text("other_id")),
    processedAt: optional(time("processed_at")),
    expiresAt: readApart(internal(time("expires_at"), "when the database deletes it")),
  },
});
