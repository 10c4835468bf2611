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
import { joinOutcomes, leaveOutcomes, lobbyStates } from "../domain/race.ts";

const RACER = { erase: "replace-with-alias", export: "included" } as const;
const GONE = { erase: "remove", export: "included" } as const;

/** A racer's time on the roster, a half-open interval. A racer who comes back gets another one. */
const interval = record("", {
  racerId: person("racer_id", RACER),
  joinedAt: time("joined_at"),
  leftAt: optional(time("left_at")),
});

/** The last change that a racer requested, by the interaction's id, and its outcome. */
const act = record("", {
  racerId: person("racer_id", RACER),
  id: text("id"),
  outcome: oneOf("outcome", [...joinOutcomes, ...leaveOutcomes]),
  /** The racer who got the freed seat. */
  movedUp: optional(person("moved_up", RACER)),
  /** The other lobby in which they race or wait, if that kept them from joining. */
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
    /** The racers' part of each sale; basis points. */
    rateBps: integer("rate_bps"),
    state: oneOf("state", lobbyStates),
    /** The lobby was called off because nobody started it in time. */
    isLapsed: fallback(flag("is_lapsed"), false),
    intervals: list("intervals", interval),
    /** The waiting list, in order. */
    waitingIds: list("waiting_ids", person("", RACER)),
    /** The names of racers and waiting people when they joined, by id; some are unknown. */
    names: fallback(map("names", personal(text(), GONE), "people"), {}),
    /** People whom the host or the team has taken out; they cannot join again. */
    kickedIds: fallback(list("kicked_ids", person("", RACER)), []),
    /** Who races or waits, for queries. */
    memberIds: readApart(list("member_ids", person("", RACER))),
    /** The last act of each racer; only the newest ones are stored. */
    acts: fallback(internal(list("acts", act), "so that a repeat changes nothing"), []),
    /** The newest act that is no longer stored in `acts`. */
    forgottenActId: optional(
      internal(text("forgotten_act_id"), "so that a repeat changes nothing"),
    ),
    createdAt: time("created_at"),
    openedAt: optional(time("opened_at")),
    closedAt: optional(time("closed_at")),
    /** When the window closes automatically. */
    closesAt: optional(time("closes_at")),
    /** The end of the window before its latest extension; stored until the next write. */
    prolongedFrom: optional(time("prolonged_from")),
    /** The shop where viewers buy, if known, and the word that stands for this lobby there. */
    shopUrl: optional(text("shop_url")),
    shopWord: optional(text("shop_word")),
    /** The pot's goal, and the interaction that set it. */
    goal: optional(record("goal", { amount: amount("amount"), currency: text("currency") })),
    goalCauseId: optional(text("goal_cause_id")),
    /** The race whose racers were seated when this one was opened. */
    againOf: optional(text("again_of")),
    /** The series that the host assigned this race to. */
    series: optional(text("series")),
    /** The same, as queries find it. */
    seriesKey: readApart(text("series_key")),
    winnerId: optional(person("winner_id", RACER)),
    /** The interaction that named the winner. */
    winnerCauseId: optional(text("winner_cause_id")),
    /** The secret in the overlay's link; the host may replace it. */
    potKey: internal(text("pot_key"), "it opens the host's overlay"),
    /** The interaction that set the key. */
    potKeyCauseId: optional(text("pot_key_cause_id")),
    /** The racers who were notified of their first share. */
    notifiedIds: fallback(list("notified_ids", person("", RACER)), []),
    /** The lobby has changed, and its messages may not show that yet. */
    isBoardDue: fallback(internal(flag("is_board_due"), "the sweeper's own mark"), false),
    /** Grows with each change. */
    revision: fallback(internal(integer("revision"), "counts the changes of the board"), 0),
  },
});
