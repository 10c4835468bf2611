/** What a lobby may be; it only moves forward. */
export const lobbyStates = ["open", "racing", "finished", "cancelled"] as const;
export type LobbyState = (typeof lobbyStates)[number];

/** A racer's time on the roster, half-open. A racer who comes back has another. */
export interface Stint {
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
  readonly stints: readonly Stint[];
  /** In the order in which they get the next seats. */
  readonly waitingIds: readonly string[];
  /** What people who race or wait were called when they joined, by their id; some are unknown. */
  readonly names: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly openedAt: Date | undefined;
  readonly closedAt: Date | undefined;
  /** A window that nobody closes is closed then. */
  readonly closesAt: Date | undefined;
  /** Names the overlay in its link; the host may replace it. */
  readonly potKey: string;
  /** It has changed, and its messages may not show it yet. */
  readonly isBoardDue: boolean;
}

export const MIN_SEATS = 1;
export const MAX_SEATS = 8;
/** Racers' part of a sale unless the lobby says otherwise. */
export const DEFAULT_RATE_BPS = 2000;
/** A window that nobody closes ends after this, and again after each "go on". */
export const WINDOW_MS = 60 * 60_000;
/** The host is warned so long before that. */
export const WARNING_MS = 10 * 60_000;
/** Nobody gets a seat after so many, in this lobby. */
export const MAX_WAITING = 50;

/** What someone is called where their name is not known. */
const UNKNOWN_NAME = "Racer";

/** What a lobby calls someone who races or waits in it. */
export function nameIn({ names }: Pick<Lobby, "names">, userId: string): string {
  return Object.hasOwn(names, userId) ? (names[userId] ?? UNKNOWN_NAME) : UNKNOWN_NAME;
}

/** Who is on a roster now, in the order in which they joined. */
export function racersOf({ stints }: Pick<Lobby, "stints">): string[] {
  return stints.filter(({ leftAt }) => !leftAt).map(({ racerId }) => racerId);
}

/** Who was on a roster at a moment. */
export function racersAt({ stints }: Pick<Lobby, "stints">, at: Date): string[] {
  return stints
    .filter(({ joinedAt, leftAt }) => joinedAt <= at && (!leftAt || at < leftAt))
    .map(({ racerId }) => racerId);
}

/** Whether a lobby's commission window was open at a moment: from its opening until before its end. */
export function isOpenAt({ openedAt, closedAt }: Lobby, at: Date): boolean {
  return openedAt !== undefined && openedAt <= at && (!closedAt || at < closedAt);
}

/** What of a lobby changes when people come and go. */
export type Roster = Pick<Lobby, "seats" | "stints" | "waitingIds"> & Partial<Pick<Lobby, "names">>;

/** What joining came to. */
export type JoinOutcome = "joined" | "waiting" | "already" | "already-waiting" | "full";

/** Takes a seat, or a place in the waiting list. The name is what everyone may read. */
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
  if (racersOf(roster).length < roster.seats) {
    return { outcome: "joined", roster: seated(roster, racerId, at) };
  }
  if (roster.waitingIds.length >= MAX_WAITING) return { outcome: "full", roster };
  return {
    outcome: "waiting",
    roster: { ...roster, waitingIds: [...roster.waitingIds, racerId] },
  };
}

/** Gives up a seat, which goes to whoever waits longest, or a place in the waiting list. */
export function leave(
  roster: Roster,
  racerId: string,
  at: Date,
): {
  outcome: "left" | "no-longer-waiting" | "not-here";
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
  const stints = roster.stints.map((stint) =>
    stint.racerId === racerId && !stint.leftAt ? { ...stint, leftAt: at } : stint,
  );
  const [movedUp, ...waitingIds] = roster.waitingIds;
  const without = { ...roster, stints, waitingIds };
  return {
    outcome: "left",
    movedUp,
    roster: movedUp === undefined ? without : seated(without, movedUp, at),
  };
}

function seated(roster: Roster, racerId: string, joinedAt: Date): Roster {
  return { ...roster, stints: [...roster.stints, { racerId, joinedAt, leftAt: undefined }] };
}
