import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type { lobbyDocument } from "../documents/lobby.ts";

/** The states of a lobby; it only moves forward. */
export const lobbyStates = ["open", "racing", "finished", "cancelled"] as const;
export type LobbyState = (typeof lobbyStates)[number];

type StoredLobby = DocumentOf<typeof lobbyDocument>;

/** A race. Its commission window is open from `openedAt` until before `closedAt`. */
export interface Lobby
  extends Omit<StoredLobby, "acts" | "goalCauseId" | "potKeyCauseId" | "prolongedFrom"> {
  /** The last act of each racer, by the racer's id. */
  readonly acts: Readonly<Record<string, Act>>;
  readonly goalCauseId: string;
  readonly potKeyCauseId: string;
}

/** A change that someone requested in a lobby: the interaction's id and the outcome. */
export type Act = Omit<StoredLobby["acts"][number], "racerId" | "elsewhereId"> &
  Partial<Pick<StoredLobby["acts"][number], "elsewhereId">>;

export const MIN_SEATS = 1;
export const MAX_SEATS = 8;
/** A window that nobody closes ends after this time; each extension adds it once more. */
export const WINDOW_MS = 60 * 60_000;
/** The longest time that a window may be open, including its extensions. */
export const MAX_WINDOW_MS = 24 * 3_600_000;
/** How long before the window closes the host is warned. */
export const WARNING_MS = 10 * 60_000;
/** A lobby that nobody starts ends after this, so that nobody is kept from racing by a forgotten one. */
export const MAX_OPEN_MS = 24 * 3_600_000;
/** The longest waiting list. */
export const MAX_WAITING = 50;
/** How often one racer may join a race, so that pressing buttons does not use up the intervals of others. */
export const MAX_INTERVALS_EACH = 12;
/** A lobby is one document, limited to 1 MiB: https://firebase.google.com/docs/firestore/quotas */
export const MAX_INTERVALS = 1000;

/** The name of someone whose name is unknown. */
const UNKNOWN_NAME = "Racer";

/** The name of someone who races or waits in a lobby. */
export function nameIn({ names }: Pick<Lobby, "names">, userId: string): string {
  return Object.hasOwn(names, userId) ? (names[userId] ?? UNKNOWN_NAME) : UNKNOWN_NAME;
}

/** The racers on a roster now, in the order in which they joined. */
export function racersOf({ intervals }: Pick<Lobby, "intervals">): string[] {
  return intervals.filter(({ leftAt }) => !leftAt).map(({ racerId }) => racerId);
}

/** The racers on a roster at a given time. */
export function racersAt({ intervals }: Pick<Lobby, "intervals">, at: Date): string[] {
  return intervals
    .filter(({ joinedAt, leftAt }) => joinedAt <= at && (!leftAt || at < leftAt))
    .map(({ racerId }) => racerId);
}

/**
 * Whether a lobby's commission window was open at a given time: from its opening until before its end. If nobody
 * has closed it yet, its end is `closesAt`.
 */
export function isOpenAt(
  { openedAt, closedAt, closesAt }: Pick<Lobby, "openedAt" | "closedAt" | "closesAt">,
  at: Date,
): boolean {
  const end = closedAt ?? closesAt;
  return openedAt !== undefined && openedAt <= at && (!end || at < end);
}

/** Whether a race is finished or called off. */
export function isOver({ state }: Pick<Lobby, "state">): boolean {
  return state === "finished" || state === "cancelled";
}

/**
 * A lobby's state at a given time. A race is finished once its time is over, even if nothing has closed it yet, and
 * a lobby that nobody started in time is called off.
 */
export function stateAt(
  lobby: Pick<Lobby, "state" | "closesAt" | "createdAt">,
  at: Date,
): LobbyState {
  const { state, closesAt } = lobby;
  if (hasLapsed(lobby, at)) return "cancelled";
  return state === "racing" && closesAt && closesAt <= at ? "finished" : state;
}

/** A lobby at a given time: called off if nobody started it in time, even if that is not stored yet. */
export function asOf(lobby: Lobby, at: Date): Lobby {
  return hasLapsed(lobby, at) ? { ...lobby, state: "cancelled", isLapsed: true } : lobby;
}

function hasLapsed({ state, createdAt }: Pick<Lobby, "state" | "createdAt">, at: Date): boolean {
  return state === "open" && createdAt.getTime() + MAX_OPEN_MS <= at.getTime();
}

/** The latest time at which a window closes; undefined before it opens. */
export function latestEnd({ openedAt }: Pick<Lobby, "openedAt">): Date | undefined {
  return openedAt && new Date(openedAt.getTime() + MAX_WINDOW_MS);
}

/** The part of a lobby that changes when people join and leave. */
export type Roster = Pick<Lobby, "seats" | "intervals" | "waitingIds"> &
  Partial<Pick<Lobby, "names" | "kickedIds">>;

/** The outcome of joining. */
export const joinOutcomes = [
  "joined",
  "waiting",
  "already",
  "already-waiting",
  "full",
  "kicked",
  "elsewhere",
  "too-often",
  "too-many",
] as const;
export type JoinOutcome = (typeof joinOutcomes)[number];

/** Takes a seat or a place on the waiting list, unless something keeps the racer from joining. The name is public. */
export function join(
  before: Roster,
  racerId: string,
  at: Date,
  name?: string,
): { outcome: JoinOutcome; roster: Roster } {
  const roster =
    name === undefined ? before : { ...before, names: { ...before.names, [racerId]: name } };
  if (racersOf(roster).includes(racerId)) return { outcome: "already", roster };
  if (roster.waitingIds.includes(racerId)) return { outcome: "already-waiting", roster };
  const refused = refusalOf(before, racerId);
  if (refused) return { outcome: refused, roster: before };
  if (racersOf(roster).length < roster.seats) {
    return { outcome: "joined", roster: seated(roster, racerId, at) };
  }
  if (roster.waitingIds.length >= MAX_WAITING) return { outcome: "full", roster: before };
  return {
    outcome: "waiting",
    roster: { ...roster, waitingIds: [...roster.waitingIds, racerId] },
  };
}

/** Why someone cannot join. Everyone on the waiting list counts as a future interval. */
function refusalOf(
  { intervals, waitingIds, kickedIds = [] }: Roster,
  racerId: string,
): JoinOutcome | undefined {
  if (kickedIds.includes(racerId)) return "kicked";
  const own = intervals.filter((interval) => interval.racerId === racerId);
  if (own.length >= MAX_INTERVALS_EACH) return "too-often";
  return intervals.length + waitingIds.length >= MAX_INTERVALS ? "too-many" : undefined;
}

/** The outcome of leaving. */
export const leaveOutcomes = ["left", "no-longer-waiting", "not-here"] as const;
export type LeaveOutcome = (typeof leaveOutcomes)[number];

/** Gives up a seat, which goes to the first person on the waiting list, or a place on that list. */
export function leave(
  roster: Roster,
  racerId: string,
  at: Date,
): {
  outcome: LeaveOutcome;
  movedUp: string | undefined;
  roster: Roster;
} {
  if (roster.waitingIds.includes(racerId)) {
    const waitingIds = roster.waitingIds.filter((waitingId) => waitingId !== racerId);
    return { outcome: "no-longer-waiting", movedUp: undefined, roster: { ...roster, waitingIds } };
  }
  if (!racersOf(roster).includes(racerId)) {
    return { outcome: "not-here", movedUp: undefined, roster };
  }
  const intervals = roster.intervals.map((interval) =>
    interval.racerId === racerId && !interval.leftAt ? { ...interval, leftAt: at } : interval,
  );
  const [movedUp, ...waitingIds] = roster.waitingIds;
  const without = { ...roster, intervals, waitingIds };
  return {
    outcome: "left",
    movedUp,
    roster: movedUp === undefined ? without : seated(without, movedUp, at),
  };
}

/** A requested change of a roster; `id` is the interaction's. */
export interface RosterRequest {
  readonly id: string;
  readonly racerId: string;
  /** A kicked racer cannot join again. */
  readonly what: "join" | "leave" | "kick";
  /** The racer's public name. */
  readonly name?: string | undefined;
}

/**
 * Applies a request to a roster.
 *
 * Idempotency: a repeated request gets the recorded outcome. A request that is older than the racer's last one, or
 * than the newest one that is no longer stored, is superseded and changes nothing. Someone who races or waits in
 * another lobby (`elsewhereId`) cannot join.
 */
export function grant(
  lobby: Roster & Pick<Lobby, "acts"> & Partial<Pick<Lobby, "forgottenActId">>,
  { id, racerId, what, name }: RosterRequest,
  at: Date,
  { elsewhereId }: { readonly elsewhereId?: string | undefined } = {},
): { act: Act | "superseded"; roster: Roster } {
  const last = lobby.acts[racerId];
  if (last?.id === id) return { act: last, roster: lobby };
  const newestKnown = last?.id ?? lobby.forgottenActId;
  if (newestKnown && !isNewer(id, newestKnown)) return { act: "superseded", roster: lobby };
  if (what === "join" && elsewhereId !== undefined) {
    return { act: { id, outcome: "elsewhere", movedUp: undefined, elsewhereId }, roster: lobby };
  }
  if (what === "join") {
    const { outcome, roster } = join(lobby, racerId, at, name);
    return { act: { id, outcome, movedUp: undefined }, roster };
  }
  const { outcome, movedUp, roster } = leave(lobby, racerId, at);
  const act = { id, outcome, movedUp };
  if (what === "leave" || outcome === "not-here") return { act, roster };
  return { act, roster: { ...roster, kickedIds: [...(lobby.kickedIds ?? []), racerId] } };
}

function seated(roster: Roster, racerId: string, joinedAt: Date): Roster {
  return { ...roster, intervals: [...roster.intervals, { racerId, joinedAt, leftAt: undefined }] };
}
