import type { ChangesOf, DocumentOf } from "../../../../shared/documents/define-document.ts";
import type { DocumentSnapshot, Timestamp } from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import { type Lobby, racersOf } from "../../domain/race.ts";

/** What a change of a lobby stores. */
export type LobbyChanges = ChangesOf<typeof lobbyDocument>;

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
  const { acts, intervals, prolongedFrom, ...stored } = lobbyDocument.read(snapshot);
  const { closesAt, timeOf } = timesOf(snapshot, { prolongedFrom, closesAt: stored.closesAt });
  return {
    ...stored,
    openedAt: stored.openedAt && timeOf(stored.openedAt),
    closedAt: stored.closedAt && timeOf(stored.closedAt),
    closesAt,
    goalCauseId: stored.goalCauseId ?? snapshot.id,
    potKeyCauseId: stored.potKeyCauseId ?? snapshot.id,
    intervals: intervals.map(({ racerId, joinedAt, leftAt }) => ({
      racerId,
      joinedAt: timeOf(joinedAt),
      leftAt: leftAt && timeOf(leftAt),
    })),
    acts: Object.fromEntries(acts.map(({ racerId, ...act }) => [racerId, act])),
  };
}

/**
 * Resolves placeholder times to the commit time of the lobby's last write, but never later than the planned end of
 * the window. An extension that was committed after the window had ended is ignored.
 */
function timesOf(
  { updateTime }: DocumentSnapshot,
  {
    closesAt: plannedEnd,
    prolongedFrom,
  }: Pick<DocumentOf<typeof lobbyDocument>, "closesAt" | "prolongedFrom">,
) {
  const writtenAt = updateTime ? endOfMillisecond(updateTime) : WHEN_WRITTEN;
  const isTooLate = prolongedFrom !== undefined && prolongedFrom <= writtenAt;
  const closesAt = isTooLate ? prolongedFrom : plannedEnd;
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
  return { intervals, openedAt, closedAt, closesAt, prolongedFrom: undefined };
}

/** The stored part of a roster. Names are stored only for racers and people on the waiting list. */
export function rosterFields({
  intervals,
  waitingIds,
  names,
  kickedIds,
}: Pick<Lobby, "intervals" | "waitingIds" | "names" | "kickedIds">) {
  const known = new Set([...intervals.map(({ racerId }) => racerId), ...waitingIds]);
  return {
    intervals,
    waitingIds,
    names: Object.fromEntries(Object.entries(names).filter(([racerId]) => known.has(racerId))),
    kickedIds,
    memberIds: [...racersOf({ intervals }), ...waitingIds],
  };
}

/** For a lobby that is over: nobody races or waits in it. */
export const NO_MEMBERS: Pick<LobbyChanges, "memberIds"> = { memberIds: [] };

/**
 * The stored part of the racers' latest acts. Only the newest are stored, together with the id of the newest one
 * dropped.
 */
export function actFields(acts: Lobby["acts"]): Pick<LobbyChanges, "acts" | "forgottenActId"> {
  const byAge = Object.entries(acts).sort(([, one], [, other]) =>
    Number(BigInt(other.id) - BigInt(one.id)),
  );
  const newest = byAge.slice(0, MAX_ACTS);
  const [, forgotten] = byAge[MAX_ACTS] ?? [];
  return {
    ...(forgotten && { forgottenActId: forgotten.id }),
    acts: newest.map(([racerId, { id, outcome, movedUp, elsewhereId }]) => ({
      racerId,
      id,
      outcome,
      movedUp,
      elsewhereId,
    })),
  };
}
