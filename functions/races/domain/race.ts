import { isNewer } from "../../../shared/discord/snowflake.ts";
import type { RaceGoal } from "./race-goal.ts";

/** What a lobby may be; it only moves forward. */
export const lobbyStates = ["open", "racing", "finished", "cancelled"] as const;
export type LobbyState = (typeof lobbyStates)[number];

/** A racer's time on the roster, half-open. A racer who comes back has another. */
export interface RosterInterval {
  readonly racerId: string;
  readonly joinedAt: Date;
  readonly leftAt: Date | undefined;
}

/** A race's room. Its commission window is open from `openedAt` until before `closedAt`. */
export interface Lobby {
  readonly id: string;
  readonly name: string;
  readonly hostId: string;
  readonly channelId: string;
  readonly messageId: string | undefined;
  readonly seats: number;
  /** Of each sale's part the racers' pool gets so much; basis points. */
  readonly rateBps: number;
  readonly state: LobbyState;
  /** It was called off because nobody started it in time. */
  readonly isLapsed: boolean;
  readonly intervals: readonly RosterInterval[];
  /** In the order in which they get the next seats. */
  readonly waitingIds: readonly string[];
  /** What people who race or wait were called when they joined, by their id; some are unknown. */
  readonly names: Readonly<Record<string, string>>;
  /** Whom the host or the team has taken out: they don't come back. */
  readonly kickedIds: readonly string[];
  readonly createdAt: Date;
  readonly openedAt: Date | undefined;
  readonly closedAt: Date | undefined;
  /** A window that nobody closes is closed then. */
  readonly closesAt: Date | undefined;
  /** The last that each racer asked for, or was asked for them, by the racer. */
  readonly acts: Readonly<Record<string, Act>>;
  /** The newest act that is no longer among them. */
  readonly forgottenActId: string | undefined;
  /** Who was notified of their first share. */
  readonly notifiedIds: readonly string[];
  /** Where viewers buy, if that is known, and the word that names this lobby there. */
  readonly shopUrl: string | undefined;
  readonly shopWord: string | undefined;
  /** The host's name of several of their races, and who won this one, if that is known. */
  readonly series: string | undefined;
  readonly winnerId: string | undefined;
  /** The interaction that named the winner. */
  readonly winnerCauseId: string | undefined;
  /** The race whose racers were seated when this one was opened. */
  readonly againOf: string | undefined;
  /** What the host wants the pot to reach, and the interaction that said so. */
  readonly goal: RaceGoal | undefined;
  readonly goalCauseId: string;
  /** Names the overlay in its link; the host may replace it. */
  readonly potKey: string;
  /** The interaction that gave the overlay its link. */
  readonly potKeyCauseId: string;
  /** It has changed, and its messages may not show it yet. */
  readonly isBoardDue: boolean;
  /** Grows with each change. */
  readonly revision: number;
}

/** What someone asked for in a lobby: the interaction's id, and what it came to. */
export interface Act {
  readonly id: string;
  readonly outcome: JoinOutcome | LeaveOutcome;
  /** Who got the seat that it freed. */
  readonly movedUp: string | undefined;
  /** Where they race or wait, if that was in the way. */
  readonly elsewhereId?: string | undefined;
}

export const MIN_SEATS = 1;
export const MAX_SEATS = 8;
/** A window that nobody closes ends after this, and again after each "go on". */
export const WINDOW_MS = 60 * 60_000;
/** No window is open for longer: every "go on" gives an hour, and after so long there is no other. */
export const MAX_WINDOW_MS = 24 * 3_600_000;
/** The host is warned so long before that. */
export const WARNING_MS = 10 * 60_000;
/** A lobby that nobody starts ends after this, so that nobody is kept from racing by a forgotten one. */
export const MAX_OPEN_MS = 24 * 3_600_000;
/** Nobody gets a seat after so many, in this lobby. */
export const MAX_WAITING = 50;
/** Nobody comes back to a race more often. Whoever only presses buttons takes no room from others. */
export const MAX_INTERVALS_EACH = 12;
/** A lobby is one document, which holds a mebibyte: https://firebase.google.com/docs/firestore/quotas */
export const MAX_INTERVALS = 1000;

/** What someone is called where their name is not known. */
const UNKNOWN_NAME = "Racer";

/** What a lobby calls someone who races or waits in it. */
export function nameIn({ names }: Pick<Lobby, "names">, userId: string): string {
  return Object.hasOwn(names, userId) ? (names[userId] ?? UNKNOWN_NAME) : UNKNOWN_NAME;
}

/** Who is on a roster now, in the order in which they joined. */
export function racersOf({ intervals }: Pick<Lobby, "intervals">): string[] {
  return intervals.filter(({ leftAt }) => !leftAt).map(({ racerId }) => racerId);
}

/** Who was on a roster at a moment. */
export function racersAt({ intervals }: Pick<Lobby, "intervals">, at: Date): string[] {
  return intervals
    .filter(({ joinedAt, leftAt }) => joinedAt <= at && (!leftAt || at < leftAt))
    .map(({ racerId }) => racerId);
}

/**
 * Whether a lobby's commission window was open at a moment: from its opening until before its end,
 * which is when it was to close where nobody has closed it yet.
 */
export function isOpenAt(
  { openedAt, closedAt, closesAt }: Pick<Lobby, "openedAt" | "closedAt" | "closesAt">,
  at: Date,
): boolean {
  const end = closedAt ?? closesAt;
  return openedAt !== undefined && openedAt <= at && (!end || at < end);
}

/** Whether nothing happens in a lobby any more. */
export function isOver({ state }: Pick<Lobby, "state">): boolean {
  return state === "finished" || state === "cancelled";
}

/**
 * A lobby's state at a moment. A race is finished when its time is over, also before anyone closes it,
 * and a lobby that nobody started in time is called off.
 */
export function stateAt(
  lobby: Pick<Lobby, "state" | "closesAt" | "createdAt">,
  at: Date,
): LobbyState {
  const { state, closesAt } = lobby;
  if (hasLapsed(lobby, at)) return "cancelled";
  return state === "racing" && closesAt && closesAt <= at ? "finished" : state;
}

/** A lobby as it is at a moment, also before anyone has called off what nobody started in time. */
export function asOf(lobby: Lobby, at: Date): Lobby {
  return hasLapsed(lobby, at) ? { ...lobby, state: "cancelled", isLapsed: true } : lobby;
}

function hasLapsed({ state, createdAt }: Pick<Lobby, "state" | "createdAt">, at: Date): boolean {
  return state === "open" && createdAt.getTime() + MAX_OPEN_MS <= at.getTime();
}

/** Until when a window may be open at the longest; undefined before it opens. */
export function latestEnd({ openedAt }: Pick<Lobby, "openedAt">): Date | undefined {
  return openedAt && new Date(openedAt.getTime() + MAX_WINDOW_MS);
}

/** What of a lobby changes when people come and go. */
export type Roster = Pick<Lobby, "seats" | "intervals" | "waitingIds"> &
  Partial<Pick<Lobby, "names" | "kickedIds">>;

/** What joining came to. */
export type JoinOutcome =
  | "joined"
  | "waiting"
  | "already"
  | "already-waiting"
  | "full"
  | "kicked"
  | "elsewhere"
  | "too-often"
  | "too-many";

/**
 * Takes a seat, or a place in the waiting list; whoever was taken out does not. The name is what
 * everyone may read.
 */
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

/** Everyone who waits may have a interval one day. */
function refusalOf(
  { intervals, waitingIds, kickedIds = [] }: Roster,
  racerId: string,
): JoinOutcome | undefined {
  if (kickedIds.includes(racerId)) return "kicked";
  const own = intervals.filter((interval) => interval.racerId === racerId);
  if (own.length >= MAX_INTERVALS_EACH) return "too-often";
  return intervals.length + waitingIds.length >= MAX_INTERVALS ? "too-many" : undefined;
}

/** What leaving came to. */
export type LeaveOutcome = "left" | "no-longer-waiting" | "not-here";

/** Gives up a seat, which goes to whoever waits longest, or a place in the waiting list. */
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

/** What someone wants of a lobby, or what is wanted for them; `id` is the interaction's. */
export interface RosterRequest {
  readonly id: string;
  readonly racerId: string;
  /** Whoever is kicked cannot join again. */
  readonly what: "join" | "leave" | "kick";
  /** What they are called; everyone may read it. */
  readonly name?: string | undefined;
}

/**
 * Does what someone wants, once: the same wish again comes to the same, and one that is older than
 * their last to nothing, nor one that may have been done and forgotten. Nobody joins who races or waits
 * elsewhere.
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
