import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  fallback,
  flag,
  optional,
  personal,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { account, formerAccountIds } from "./account-fields.ts";
import { standing } from "./standing-fields.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

export const builderDocument = defineDocument({
  collection: "builders",
  about: "A seller: their Twitch channel, their standing with the team, their account at Stripe.",
  key: { what: "Discord user id", personal: THEIRS },
  kept: "until the builder is forgotten; what staff decided against them outlives that in `standing_tombstones`",
  exportedIn: ["builder_profile"],
  fields: {
    /** Whether they may sell: only `approved` builders may. */
    standing,
    twitchUsername: optional(personal(text("twitch_username"), THEIRS)),
    twitchUserId: optional(personal(text("twitch_user_id"), THEIRS)),
    /** The channel in which buyers with closed DMs are notified of their orders. */
    orderChannelId: optional(text("order_channel_id")),
    isLive: fallback(personal(flag("is_live"), THEIRS), false),
    liveStreamId: readApart(text("live_stream_id")),
    /** The time of Twitch's report. */
    liveStatusAt: readApart(time("live_status_at")),
    account,
    formerAccountIds,
    /** When they last signed out on the site: sessions that began before are over, in every browser. */
    signedOutAt: optional(personal(time("signed_out_at"), THEIRS)),
    registeredAt: readApart(time("registered_at")),
  },
});
