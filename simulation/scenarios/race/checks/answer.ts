import { limits } from "../../../../shared/limits/limits.ts";
import { mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { countSent } from "../messages.ts";
import { trackOf } from "../track.ts";

/** See Liveness in docs/invariants.md. */
const ANSWERED_WITHIN_MS = 2_000;
/** Changes of a roster at the same moment conflict, and the database has each wait for about a second; few have to twice. */
const CONFLICT_MS = 500;
/** A command makes this many sequential calls to the database. */
const DATABASE_CALLS = 10;
const DEFERRED = 5;
/** Faults longer ago than this have no effect on an answer: no instance is frozen for longer. */
const FAULT_EFFECT_MS = 75_000;
const ROSTER = /^(?:join|leave|start|finish|\/race kick|\/start|\/finish)$/;

/** An interaction, and when its user could read the outcome. */
interface Asked {
  readonly id: string;
  readonly userId: string;
  readonly what: string;
  /** Undefined if it named none. */
  readonly lobbyId: string | undefined;
  readonly sentAtMs: number;
  /** Undefined while the user is waiting. */
  readonly readAtMs: number | undefined;
}

/**
 * Liveness: everyone finally reads the outcome, and roster changes in time while there are no
 * faults.
 */
export function checkAnswers(stage: Stage): void {
  const all = deferred(stage);
  for (const asked of all) {
    const { userId, what, sentAtMs, readAtMs } = asked;
    if (readAtMs === undefined) {
      // With closed DMs nobody can be notified after the answer can no longer be edited.
      const isReached = userId !== trackOf(stage).crowd.at(-1);
      mustHold("Liveness", !isReached, () => `${userId} still waits for ${what}, ${asked.id}`);
      continue;
    }
    if (!ROSTER.test(what) || faultsWithin(stage, sentAtMs - FAULT_EFFECT_MS, readAtMs)) continue;
    const tookMs = readAtMs - sentAtMs;
    const conflicting = all.filter((other) => other !== asked && isAtOnce(other, asked));
    const conflictsMs = conflicting.length * CONFLICT_MS;
    const mostMs = ANSWERED_WITHIN_MS + conflictsMs + slowMs(stage, asked, readAtMs);
    const found = () => `${what} of ${userId} was answered after ${tookMs} ms, not ${mostMs}`;
    mustHold("Liveness", tookMs <= mostMs, found);
  }
}

/** Whether two change the same roster at the same moment. */
function isAtOnce(one: Asked, other: Asked): boolean {
  const isSame = one.lobbyId !== undefined && one.lobbyId === other.lobbyId;
  const apartMs = Math.abs(one.sentAtMs - other.sentAtMs);
  return isSame && ROSTER.test(one.what) && ROSTER.test(other.what) && apartMs < ANSWERED_WITHIN_MS;
}

/** Liveness: Discord gets an answer within three seconds while there are no faults. */
export function checkInTime(stage: Stage): void {
  const { discord, faults } = stage;
  const sent = new Map<string, { readonly atMs: number; readonly what: string }>();
  for (const event of discord.events()) {
    if (event.kind === "interaction-sent") sent.set(event.interactionId, event);
    if (event.kind !== "interaction-failed") continue;
    const { atMs = 0, what } = sent.get(event.interactionId) ?? {};
    const isSlow = faults.slowCalls.some((call) => call.fromMs < event.atMs && call.toMs > atMs);
    const isExcused = isSlow || faultsWithin(stage, atMs - FAULT_EFFECT_MS, event.atMs);
    mustHold("Liveness", isExcused, () => `${what} failed: ${event.reason}`);
  }
}

/** Allows for clock differences. */
const TOLERANCE_MS = 1_000;

/** N7: nobody presses Join and Leave more often than allowed. */
export function checkSeatsLimit(stage: Stage): void {
  // Without Redis nothing is counted.
  if (stage.faults.appliedFaults.some(({ kind }) => kind.startsWith("upstash "))) return;
  const { most, windowMs } = limits.seats;
  const pressed = deferred(stage).filter(({ what }) => what === "join" || what === "leave");
  for (const own of Map.groupBy(pressed, ({ userId }) => userId).values()) {
    for (const [index, { userId, sentAtMs }] of own.entries()) {
      const before = own[index - most];
      const isRight = !before || sentAtMs - before.sentAtMs >= windowMs - TOLERANCE_MS;
      mustHold("N7", isRight, () => `${userId} joined and left more than ${most} times`);
    }
  }
}

/** All interactions that Discord showed as "thinking…". */
function deferred(stage: Stage): Asked[] {
  const events = stage.discord.events();
  const isDeferred = new Set(
    events.flatMap((event) =>
      event.kind === "interaction-answered" && event.responseType === DEFERRED
        ? [event.interactionId]
        : [],
    ),
  );
  const readAtMs = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== "message-edited") continue;
    if (!readAtMs.has(event.messageId)) readAtMs.set(event.messageId, event.atMs);
  }
  return events.flatMap((event) => {
    if (event.kind !== "interaction-sent" || !isDeferred.has(event.interactionId)) return [];
    const { interactionId: id, userId, atMs: sentAtMs } = event;
    const { button, lobbyId } = trackOf(stage).uses.get(id) ?? {};
    const what = button ?? event.what;
    const shown = stage.discord.interaction(id)?.original;
    const sent = stage.discord.dms(userId).find((dm) => countSent([dm], `answer:${id}`) > 0);
    const read = (shown && readAtMs.get(shown.id)) ?? (sent && Date.parse(sent.timestamp));
    return [{ id, userId, what, lobbyId, sentAtMs, readAtMs: read }];
  });
}

/**
 * The duration of at most two unusually slow calls or cold starts, because one command rarely has
 * more, plus the database's delay during a rush.
 */
function slowMs(stage: Stage, { sentAtMs }: Asked, readAtMs: number): number {
  const [first = 0, second = 0] = stage.faults.slowCalls
    .filter(({ what, fromMs, toMs }) => isOnTheWay(what) && fromMs < readAtMs && toMs > sentAtMs)
    .map(({ fromMs, toMs }) => toMs - fromMs)
    .sort((one, other) => other - one);
  const slowerByMs = trackOf(stage)
    .rushes.filter(({ fromMs }) => fromMs < readAtMs)
    .map((rush) => rush.slowerByMs);
  return first + second + DATABASE_CALLS * Math.max(0, ...slowerByMs);
}

function isOnTheWay(what: string): boolean {
  return !/^(?:stripe|twitch|shops|discord (?!\S+ \/webhooks\/))/.test(what);
}

function faultsWithin({ faults }: Stage, fromMs: number, toMs: number): boolean {
  return faults.appliedFaults.some(({ atMs }) => atMs >= fromMs && atMs <= toMs);
}
