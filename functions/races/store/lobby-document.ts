import * as z from "zod/mini";
import { parseDocument, stored, timestamp } from "../../../shared/documents/document.ts";
import type { DocumentSnapshot, Timestamp } from "../../../shared/ports/database.ts";
import { type Lobby, lobbyStates, racersOf } from "../domain/race.ts";

const lobbyDocument = z.object({
  name: z.string(),
  host_id: z.string(),
  channel_id: z.string(),
  message_id: stored(z.string()),
  seats: z.int(),
  rate_bps: z.int(),
  state: z.enum(lobbyStates),
  is_lapsed: z._default(z.boolean(), false),
  intervals: z.array(
    z.object({ racer_id: z.string(), joined_at: timestamp, left_at: stored(timestamp) }),
  ),
  waiting_ids: z.array(z.string()),
  names: z._default(z.record(z.string(), z.string()), {}),
  kicked_ids: z._default(z.array(z.string()), []),
  acts: z._default(
    z.array(
      z.object({
        racer_id: z.string(),
        id: z.string(),
        outcome: z.enum([
          ...(["joined", "waiting", "already", "already-waiting", "full"] as const),
          ...(["kicked", "elsewhere", "too-often", "too-many"] as const),
          ...(["left", "no-longer-waiting", "not-here"] as const),
        ]),
        moved_up: stored(z.string()),
        elsewhere_id: stored(z.string()),
      }),
    ),
    [],
  ),
  forgotten_act_id: stored(z.string()),
  created_at: timestamp,
  opened_at: stored(timestamp),
  closed_at: stored(timestamp),
  closes_at: stored(timestamp),
  prolonged_from: stored(timestamp),
  shop_url: stored(z.string()),
  shop_word: stored(z.string()),
  goal: stored(z.object({ amount: z.int(), currency: z.string() })),
  goal_cause_id: stored(z.string()),
  again_of: stored(z.string()),
  series: stored(z.string()),
  winner_id: stored(z.string()),
  winner_cause_id: stored(z.string()),
  pot_key: z.string(),
  pot_key_cause_id: stored(z.string()),
  notified_ids: z._default(z.array(z.string()), []),
  is_board_due: z._default(z.boolean(), false),
  revision: z._default(z.int(), 0),
});

/**
 * Placeholder for the commit time of the write that stores it, which is unknown until the commit. A reader who
 * reads a lobby after a given moment therefore sees everything recorded up to that moment, without a lock. The next
 * write replaces the placeholder by the actual time: docs/decisions/0034-rosters-without-locks.md.
 */
export const WHEN_WRITTEN = new Date("9999-12-31T00:00:00Z");

/** How many racers' latest acts are stored per lobby; presses older than those are refused as too late. */
const MAX_ACTS = 300;

/** Decodes a stored lobby. Throws TerminalError if it is malformed. */
export function toLobby(snapshot: DocumentSnapshot): Lobby {
  const fields = parseDocument(snapshot.ref.path, lobbyDocument, snapshot.data());
  const { closesAt, timeOf } = timesOf(snapshot, fields);
  return {
    id: snapshot.id,
    name: fields.name,
    hostId: fields.host_id,
    state: fields.state,
    isLapsed: fields.is_lapsed,
    channelId: fields.channel_id,
    messageId: fields.message_id,
    seats: fields.seats,
    rateBps: fields.rate_bps,
    waitingIds: fields.waiting_ids,
    potKey: fields.pot_key,
    createdAt: fields.created_at,
    openedAt: fields.opened_at && timeOf(fields.opened_at),
    closedAt: fields.closed_at && timeOf(fields.closed_at),
    closesAt,
    isBoardDue: fields.is_board_due,
    goal: fields.goal,
    goalCauseId: fields.goal_cause_id ?? snapshot.id,
    shopUrl: fields.shop_url,
    shopWord: fields.shop_word,
    againOf: fields.again_of,
    series: fields.series,
    winnerId: fields.winner_id,
    winnerCauseId: fields.winner_cause_id,
    names: fields.names,
    kickedIds: fields.kicked_ids,
    notifiedIds: fields.notified_ids,
    potKeyCauseId: fields.pot_key_cause_id ?? snapshot.id,
    revision: fields.revision,
    intervals: fields.intervals.map((interval) => ({
      racerId: interval.racer_id,
      joinedAt: timeOf(interval.joined_at),
      leftAt: interval.left_at && timeOf(interval.left_at),
    })),
    forgottenActId: fields.forgotten_act_id,
    acts: Object.fromEntries(
      fields.acts.map(({ racer_id, id, outcome, moved_up: movedUp, elsewhere_id: elsewhereId }) => [
        racer_id,
        { id, outcome, movedUp, elsewhereId },
      ]),
    ),
  };
}

/**
 * Resolves placeholder times to the commit time of the lobby's last write, but never later than the planned end of
 * the window. An extension that was committed after the window had ended is ignored.
 */
function timesOf(
  { updateTime }: DocumentSnapshot,
  {
    closes_at,
    prolonged_from,
  }: Pick<z.infer<typeof lobbyDocument>, "closes_at" | "prolonged_from">,
) {
  const writtenAt = updateTime ? endOfMillisecond(updateTime) : WHEN_WRITTEN;
  const isTooLate = prolonged_from !== undefined && prolonged_from <= writtenAt;
  const closesAt = isTooLate ? prolonged_from : closes_at;
  const recordedAt = closesAt && closesAt < writtenAt ? closesAt : writtenAt;
  const timeOf = (time: Date) => (time.getTime() === WHEN_WRITTEN.getTime() ? recordedAt : time);
  return { closesAt, timeOf };
}

/**
 * Rounded up to the millisecond, so that a read at a whole millisecond includes every change recorded with that
 * time.
 */
function endOfMillisecond({ seconds, nanoseconds }: Timestamp): Date {
  return new Date(seconds * 1000 + Math.ceil(nanoseconds / 1_000_000));
}

/** A lobby's resolved times, which every write of the lobby stores. */
export function settledTimes({
  intervals,
  openedAt,
  closedAt,
  closesAt,
}: Pick<Lobby, "intervals" | "openedAt" | "closedAt" | "closesAt">) {
  return {
    intervals: intervals.map(intervalFields),
    opened_at: openedAt ?? null,
    closed_at: closedAt ?? null,
    closes_at: closesAt ?? null,
    prolonged_from: null,
  };
}

/** The stored fields of a roster. Names are stored only for racers and people on the waiting list. */
export function rosterFields({
  intervals,
  waitingIds,
  names,
  kickedIds,
}: Pick<Lobby, "intervals" | "waitingIds" | "names" | "kickedIds">) {
  const known = new Set([...intervals.map(({ racerId }) => racerId), ...waitingIds]);
  return {
    intervals: intervals.map(intervalFields),
    waiting_ids: [...waitingIds],
    names: Object.fromEntries(Object.entries(names).filter(([racerId]) => known.has(racerId))),
    kicked_ids: [...kickedIds],
    member_ids: [...racersOf({ intervals }), ...waitingIds],
  };
}

/** For a lobby that is over: nobody races or waits in it. */
export const NO_MEMBERS = { member_ids: [] } as const;

function intervalFields({ racerId, joinedAt, leftAt }: Lobby["intervals"][number]) {
  return { racer_id: racerId, joined_at: joinedAt, left_at: leftAt ?? null };
}

/**
 * The stored fields of the racers' latest acts. Only the newest are stored, together with the id of the newest one
 * dropped.
 */
export function actFields(acts: Lobby["acts"]) {
  const byAge = Object.entries(acts).sort(([, one], [, other]) =>
    Number(BigInt(other.id) - BigInt(one.id)),
  );
  const newest = byAge.slice(0, MAX_ACTS);
  const [, forgotten] = byAge[MAX_ACTS] ?? [];
  return {
    ...(forgotten && { forgotten_act_id: forgotten.id }),
    acts: newest.map(([racerId, { id, outcome, movedUp, elsewhereId }]) => ({
      racer_id: racerId,
      id,
      outcome,
      moved_up: movedUp ?? null,
      elsewhere_id: elsewhereId ?? null,
    })),
  };
}
