import { limits } from "../../shared/limits/limits.ts";
import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import { timesSaid } from "./said.ts";
import { trackOf } from "./track.ts";

/** docs/invariants.md, Liveness. */
const ANSWERED_WITHIN_MS = 2_000;
/** A command calls the database so often, one call after the other. */
const DATABASE_CALLS = 10;
const DEFERRED = 5;
/** A strike that is longer ago has no effect on an answer: no instance stands still for longer. */
const STRUCK_BEFORE_MS = 75_000;
const ROSTER = /^(?:join|leave|start|finish|\/race kick|\/start|\/finish)$/;

/** What somebody did, and when they could read what came of it. */
interface Asked {
  readonly id: string;
  readonly userId: string;
  readonly what: string;
  readonly sentAtMs: number;
  /** Undefined where they still wait. */
  readonly readAtMs: number | undefined;
}

/** Liveness: everyone reads in the end what came of it, and of rosters in time while nothing goes wrong. */
export function checkAnswers(stage: Stage): void {
  for (const asked of deferred(stage)) {
    const { userId, what, sentAtMs, readAtMs } = asked;
    if (readAtMs === undefined) {
      // Too late to edit the answer, with closed DMs: nobody can notify them.
      const isReached = userId !== trackOf(stage).crowd.at(-1);
      mustHold("Liveness", !isReached, () => `${userId} still waits for ${what}, ${asked.id}`);
      continue;
    }
    if (!ROSTER.test(what) || strikesWithin(stage, sentAtMs - STRUCK_BEFORE_MS, readAtMs)) continue;
    const tookMs = readAtMs - sentAtMs;
    const mostMs = ANSWERED_WITHIN_MS + slowMs(stage, asked, readAtMs);
    const found = () => `${what} of ${userId} was answered after ${tookMs} ms, not ${mostMs}`;
    mustHold("Liveness", tookMs <= mostMs, found);
  }
}

/** Liveness: Discord gets an answer within three seconds while nothing goes wrong. */
export function checkInTime(stage: Stage): void {
  const { discord, faults } = stage;
  const sent = new Map<string, { readonly atMs: number; readonly what: string }>();
  for (const event of discord.events()) {
    if (event.kind === "interaction-sent") sent.set(event.interactionId, event);
    if (event.kind !== "interaction-failed") continue;
    const { atMs = 0, what } = sent.get(event.interactionId) ?? {};
    const isSlow = faults.slowCalls.some((call) => call.fromMs < event.atMs && call.toMs > atMs);
    const isExcused = isSlow || strikesWithin(stage, atMs - STRUCK_BEFORE_MS, event.atMs);
    mustHold("Liveness", isExcused, () => `${what} failed: ${event.reason}`);
  }
}

/** Clocks differ. */
const TOLERANCE_MS = 1_000;

/** N7: nobody presses Join and Leave more often than is allowed. */
export function checkSeatsLimit(stage: Stage): void {
  // Without Redis nothing is counted.
  if (stage.faults.strikes.some(({ kind }) => kind.startsWith("upstash "))) return;
  const { most, windowMs } = limits.seats;
  const pressed = deferred(stage).filter(({ what }) => what === "join" || what === "leave");
  for (const own of Map.groupBy(pressed, ({ userId }) => userId).values()) {
    for (const [index, { userId, sentAtMs }] of own.entries()) {
      const before = own[index - most];
      const isRight = !before || sentAtMs - before.sentAtMs >= windowMs - TOLERANCE_MS;
      mustHold("N7", isRight, () => `${userId} came and went more than ${most} times`);
    }
  }
}

/** All that Discord showed as "thinking…". */
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
    const what = trackOf(stage).presses.get(id) ?? event.what;
    const shown = stage.discord.interaction(id)?.original;
    const sent = stage.discord.dms(userId).find((dm) => timesSaid([dm], `answer:${id}`) > 0);
    const read = (shown && readAtMs.get(shown.id)) ?? (sent && Date.parse(sent.timestamp));
    return [{ id, userId, what, sentAtMs, readAtMs: read }];
  });
}

/**
 * What two calls, or cold starts, took at the most that were unusually slow: more of one command seldom are. And
 * what a rush makes the database take longer.
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

function strikesWithin({ faults }: Stage, fromMs: number, toMs: number): boolean {
  return faults.strikes.some(({ atMs }) => atMs >= fromMs && atMs <= toMs);
}
