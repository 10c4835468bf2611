import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  amount,
  fallback,
  flag,
  integer,
  internal,
  list,
  map,
  oneOf,
  optional,
  person,
  personal,
  readApart,
  record,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { lobbyStates } from "../domain/race.ts";

const RACER = { erase: "replace-with-alias", export: "included" } as const;
const GONE = { erase: "remove", export: "included" } as const;

/** When someone raced, from joining to leaving. */
const interval = record("", {
  racerId: person("racer_id", RACER),
  joinedAt: time("joined_at"),
  leftAt: optional(time("left_at")),
});

/** The last thing that someone asked for, and what came of it. */
const act = record("", {
  racerId: person("racer_id", RACER),
  id: text("id"),
  outcome: oneOf("outcome", [
    ...(["joined", "waiting", "already", "already-waiting", "full"] as const),
    ...(["kicked", "elsewhere", "too-often", "too-many"] as const),
    ...(["left", "no-longer-waiting", "not-here"] as const),
  ]),
  movedUp: optional(person("moved_up", RACER)),
  elsewhereId: optional(text("elsewhere_id")),
});

export const lobbyDocument = defineDocument({
  collection: "lobbies",
  about: "A race: its commission window, who races in it, and the Live Pot.",
  key: { what: "the interaction that made it" },
  kept: "forever, to know who shares in a sale",
  exportedIn: ["races"],
  fields: {
    name: text("name"),
    hostId: person("host_id", RACER),
    channelId: text("channel_id"),
    messageId: optional(text("message_id")),
    seats: integer("seats"),
    rateBps: integer("rate_bps"),
    state: oneOf("state", lobbyStates),
    isLapsed: fallback(flag("is_lapsed"), false),
    intervals: list("intervals", interval),
    waitingIds: list("waiting_ids", person("", RACER)),
    names: fallback(map("names", personal(text(), GONE), "people"), {}),
    kickedIds: fallback(list("kicked_ids", person("", RACER)), []),
    /** Who races or waits, for queries. */
    memberIds: readApart(list("member_ids", person("", RACER))),
    acts: fallback(internal(list("acts", act), "so that a repeat changes nothing"), []),
    forgottenActId: optional(
      internal(text("forgotten_act_id"), "so that a repeat changes nothing"),
    ),
    createdAt: time("created_at"),
    openedAt: optional(time("opened_at")),
    closedAt: optional(time("closed_at")),
    closesAt: optional(time("closes_at")),
    prolongedFrom: optional(time("prolonged_from")),
    shopUrl: optional(text("shop_url")),
    shopWord: optional(text("shop_word")),
    goal: optional(record("goal", { amount: amount("amount"), currency: text("currency") })),
    goalCauseId: optional(text("goal_cause_id")),
    againOf: optional(text("again_of")),
    series: optional(text("series")),
    /** The same, as queries find it. */
    seriesKey: readApart(text("series_key")),
    winnerId: optional(person("winner_id", RACER)),
    winnerCauseId: optional(text("winner_cause_id")),
    potKey: internal(text("pot_key"), "it opens the host's overlay"),
    potKeyCauseId: optional(text("pot_key_cause_id")),
    notifiedIds: fallback(list("notified_ids", person("", RACER)), []),
    isBoardDue: fallback(internal(flag("is_board_due"), "the sweeper's own mark"), false),
    revision: fallback(internal(integer("revision"), "counts the changes of the board"), 0),
  },
});
