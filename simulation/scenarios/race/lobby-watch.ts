import { isOver, type Lobby, racersOf } from "../../../functions/races/domain/race.ts";
import { toLobby } from "../../../functions/races/store/lobbies/lobby-document.ts";
import { mustEqual, mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { checkAfterRace } from "./after-race.ts";
import { trackOf } from "./track.ts";

/** A stored lobby. */
export type LobbyDocument = Lobby;

/** All stored lobbies, oldest first. */
export async function storedLobbies({ database }: Stage): Promise<Lobby[]> {
  const lobbies = (await database.collection("lobbies").get()).docs.map(toLobby);
  return lobbies.sort((one, other) => Number(BigInt(one.id) - BigInt(other.id)));
}

const DAY_MS = 24 * 3_600_000;
/**
 * The sweeper, which runs every six hours while nobody acts, cancels lobbies that nobody started.
 */
const SWEPT_MS = 7 * 3_600_000;
const RANKS = { open: 0, racing: 1, finished: 2, cancelled: 2 } as const;

/** W4, and that only people with permission changed a lobby. */
export async function checkLobbies(stage: Stage): Promise<void> {
  const { lobbies: seen, allowed } = trackOf(stage);
  const lobbies = await storedLobbies(stage);
  for (const lobby of lobbies) {
    checkTimes(lobby);
    checkAfterRace(lobby, lobbies, allowed);
    const ageMs = stage.cloud.clock.nowMs() - lobby.createdAt.getTime();
    const isForgotten = lobby.state === "open" && ageMs > DAY_MS + SWEPT_MS;
    mustHold("W4", !isForgotten, () => `lobby ${lobby.id} has waited ${ageMs} ms for its start`);
    checkAsked(lobby, allowed);
    const before = seen.get(lobby.id);
    if (before) checkMove(before, lobby, allowed);
    seen.set(lobby.id, lobby);
  }
}

/** Checks the times of a window by themselves. */
function checkTimes({ id, state, openedAt, closesAt, closedAt, ...lobby }: Lobby): void {
  const hasWindow = state === "racing" || state === "finished";
  mustEqual("W4", `whether lobby ${id}, ${state}, was opened`, openedAt !== undefined, hasWindow);
  if (!openedAt || !closesAt) return;
  const latestMs = openedAt.getTime() + DAY_MS;
  mustHold(
    "W4",
    closesAt.getTime() <= latestMs,
    () => `the window of ${id} is open for more than a day`,
  );
  mustHold(
    "W4",
    !closedAt || (openedAt <= closedAt && closedAt <= closesAt),
    () => `the window of ${id} was closed at ${closedAt?.toISOString()}, not within its time`,
  );
  const end = closedAt ?? closesAt;
  for (const { racerId, joinedAt, leftAt } of lobby.intervals) {
    const isWithin = openedAt <= joinedAt && joinedAt <= end && (!leftAt || leftAt <= end);
    mustHold("W4", isWithin, () => `${racerId} joined or left outside the window of ${id}`);
  }
}

/** Only hosts start, prolong and cancel; only hosts and staff end a race and kick racers. */
function checkAsked(lobby: Lobby, allowed: ReadonlySet<string>): void {
  const { id, state, openedAt, closesAt, closedAt, kickedIds } = lobby;
  const check = (what: string, isThere: boolean) =>
    mustHold(
      "Access",
      !isThere || allowed.has(`${what} ${id}`),
      () => `"${what}" has happened to lobby ${id} without a request from someone with permission`,
    );
  check("start", openedAt !== undefined);
  check("end", closedAt !== undefined && closesAt !== undefined && closedAt < closesAt);
  check("cancel", state === "cancelled" && !lobby.isLapsed);
  for (const racer of kickedIds) check(`kick ${racer}`, true);
}

/** W6: nobody gets a seat before someone who has waited longer. */
function checkQueue(before: Lobby, now: Lobby): void {
  const seated = new Set(racersOf(now));
  const stillWaits = (user: string) =>
    now.waitingIds.includes(user) && now.acts[user]?.id === before.acts[user]?.id;
  for (const [index, user] of before.waitingIds.entries()) {
    const ahead = before.waitingIds.slice(0, index).find(stillWaits);
    const isRight = !seated.has(user) || ahead === undefined;
    mustHold("W6", isRight, () => `${user} got a seat in ${now.id} before ${ahead}`);
  }
}

/** Compares a lobby with the last check. */
function checkMove(before: Lobby, now: Lobby, allowed: ReadonlySet<string>): void {
  const { id, state } = now;
  const isForward = RANKS[before.state] < RANKS[state] || before.state === state;
  mustHold("W4", isForward, () => `lobby ${id} went from ${before.state} to ${state}`);
  if (before.openedAt) mustEqual("W4", `the opening of ${id}`, now.openedAt, before.openedAt);
  if (before.closedAt) mustEqual("W4", `the end of ${id}`, now.closedAt, before.closedAt);
  if (before.closesAt && now.closesAt) {
    const [from, to] = [before.closesAt.getTime(), now.closesAt.getTime()];
    const isProlonged = from < to && allowed.has(`go-on ${id}`) && !isOver(before);
    const found = () => `the window of ${id}, ${before.state}, was to end ${from}, and now ${to}`;
    mustHold("W4", from === to || isProlonged, found);
  }
  checkQueue(before, now);
  for (const [user, { id: actId }] of Object.entries(before.acts)) {
    const { id: newId = actId } = now.acts[user] ?? {};
    const found = () => `${user} has ${newId} in ${id}, which is older than ${actId}`;
    mustHold("W7", BigInt(newId) >= BigInt(actId), found);
  }
  if (before.state === "open") return;
  mustHold("W4", before.intervals.length <= now.intervals.length, () => `lobby ${id} lost a racer`);
  for (const [index, interval] of before.intervals.entries()) {
    const { racerId, joinedAt, leftAt } = now.intervals[index] ?? {};
    const same = leftAt && !interval.leftAt && !isOver(before) ? undefined : leftAt;
    const found = { racerId, joinedAt, leftAt: same };
    mustEqual("W4", `who raced as number ${index} in ${id}`, found, interval);
  }
}
