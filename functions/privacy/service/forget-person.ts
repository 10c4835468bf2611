import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { isOurCallback } from "../../../shared/clients/twitch/event-sub-callback.ts";
import { type AnswerDeps, answerInteraction } from "../../../shared/discord/answer-interaction.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import { NotYetError } from "../../../shared/runtime/task-worker.ts";
import { builderDigests, tombstoneDigests } from "../../members/privacy/tombstone-digest.ts";
import { chargeableUntil } from "../../shop/domain/forgotten-debt.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../../shop/drops/drop-board.ts";
import type { Deps } from "../deps.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";
import { forgottenAnswer, notYetAnswer } from "../messages/forgetting.ts";
import type { Forgetting } from "../store/forgettings.ts";
import { type ForgetInRedisDeps, forgetInRedis, isInRedis } from "./forget-in-redis.ts";
import { type OpenObligationsDeps, openObligations } from "./open-obligations.ts";

/** What forgetting someone needs. */
export type ForgetPersonDeps = AnswerDeps &
  OpenObligationsDeps &
  ScheduleBoardDeps &
  ForgetInRedisDeps &
  Pick<Deps, "forgettings" | "twitch" | "tasks" | "tombstones">;

/**
 * So long after everything is gone it is gone through once more. A command that was under way is done,
 * or was given up, by then: Pub/Sub tries 15 times, at most five minutes apart.
 */
export const REST_MS = 60 * 60_000;
/** What is still open is looked at again after this. */
const LOOK_AGAIN_MS = 60 * 60_000;
/** What fails for good is tried again this seldom in the end. */
const MOST_BETWEEN_TRIES_MS = 24 * 60 * 60_000;
/** Cloud Tasks counts whole seconds, and its clock is not ours. */
const CLOCKS_DIFFER_MS = 60_000;

/** Each may be done again, and does nothing then. */
const steps: Readonly<Record<string, (who: Forgetting, deps: ForgetPersonDeps) => Promise<void>>> =
  {
    async streams({ userId, twitchUserId }, { twitch, personalData, config }) {
      await personalData.traces.deleteGoLives(userId);
      if (twitchUserId === undefined) return;
      for await (const subscription of twitch.subscriptions()) {
        // Another installation may use the same application at Twitch, and know the same builder.
        const isOurs = isOurCallback(subscription.callback, config.FUNCTIONS_BASE_URL);
        if (isOurs && subscription.twitchUserId === twitchUserId) {
          await twitch.deleteSubscription(subscription.id);
        }
      }
    },

    async drops({ userId, pseudonym }, deps) {
      const ids = await deps.personalData.traces.renameDrops(userId, pseudonym);
      for (const id of ids) await scheduleBoard(id, deps);
    },

    orders: ({ userId, pseudonym }, { personalData, clock }) =>
      personalData.orders.rename(userId, pseudonym, clock.now()),

    auctions: ({ userId, pseudonym }, { personalData }) =>
      personalData.auctions.rename(userId, pseudonym),

    races: ({ userId, pseudonym }, { personalData, clock }) =>
      personalData.races.rename(userId, pseudonym, clock.now()),

    profiles: ({ userId, pseudonym }, { personalData, config, clock }) =>
      personalData.traces.deleteProfiles(
        { userId, pseudonym },
        (twitchUserId) => builderDigests({ userId, twitchUserId }, config.FORGOTTEN_KEY),
        clock.now(),
      ),

    debts: keepDebts,

    async notes({ userId }, deps) {
      await deps.personalData.traces.deleteNotes(userId, await dmChannelOf(userId, deps));
    },

    redis: ({ userId }, deps) => forgetInRedis(userId, deps),
  };

/**
 * Forgets someone, or goes on with it: once now, and once more an hour later, with whatever was under
 * way meanwhile. While something of theirs is open it waits. Nothing is left but that it was done.
 *
 * Idempotency: each step does what is left of it, always in the same order and under the same pseudonym. Of two
 * runs at once the slower one records nothing, and is retried. The person is notified before the last identifier is
 * gone. Crash safety: what fails is retried from the same step with growing delays, as one dead letter.
 */
export async function forgetPerson(userId: string, deps: ForgetPersonDeps): Promise<void> {
  const { forgettings, clock } = deps;
  const who = await forgettings.get(userId);
  const earlyMs = who?.state === "resting" ? who.dueAt.getTime() - clock.now().getTime() : 0;
  if (!who || earlyMs >= CLOCKS_DIFFER_MS) return;
  if (earlyMs > 0) throw new NotYetError("The hour is not quite over");
  const run = { who };
  try {
    await goOn(run, deps);
  } catch (error) {
    if (isTerminal(error)) await forgettings.failed(run.who, nextTryOf(run.who, clock.now()));
    throw error;
  }
}

/** Asks for someone to be forgotten at a time; asking twice for the same step on the way is asking once. */
export async function scheduleForgetting(
  { userId, interactionId, dueAt, failingSince }: Forgetting,
  at: Date,
  { tasks }: Pick<Deps, "tasks">,
): Promise<void> {
  // Logs keep a task's id for long: it names the press, and not who pressed. A failed task and those
  // after it have one name, by which the operators' dead letter is named too.
  const id = `forget.${interactionId}.${(failingSince ?? dueAt).getTime()}`;
  await tasks.enqueue(forgetPersonDue, { id, userId }, at);
}

/** All that is left to do; `run` always has what was written down last. */
async function goOn(run: { who: Forgetting }, deps: ForgetPersonDeps): Promise<void> {
  const { forgettings, clock } = deps;
  if (await waits(run.who, deps)) return;
  const names = Object.keys(steps);
  for (const name of names.slice(names.indexOf(run.who.cursor ?? "") + 1)) {
    await steps[name]?.(run.who, deps);
    run.who = stillOurs(await forgettings.reached(run.who, name));
  }
  if (await waits(run.who, deps, { isDone: true })) return;
  if (run.who.state === "resting") {
    stillOurs(await forgettings.end(run.who, clock.now()));
    return;
  }
  const again = new Date(clock.now().getTime() + REST_MS);
  await tell(run.who, "done", forgottenAnswer(again), deps);
  run.who = stillOurs(await forgettings.rest(run.who, again));
  await scheduleForgetting(run.who, again, deps);
}

/**
 * Keeps what a person may still owe under a digest of their id, where money of their sales or shares can
 * be charged back, or they owe something now. All else that names them is in the pseudonym's name by then.
 */
async function keepDebts(
  { userId, pseudonym }: Forgetting,
  { personalData, tombstones, config, clock }: ForgetPersonDeps,
): Promise<void> {
  const now = clock.now();
  const [digest] = tombstoneDigests(userId, config.FORGOTTEN_KEY);
  const soldAt = await personalData.lastSoldAt(pseudonym);
  const until = soldAt && chargeableUntil(soldAt);
  const isChargeable = until !== undefined && until > now;
  if (!digest || !(isChargeable || (await personalData.owes(pseudonym)))) return;
  const burial = { digest, pseudonym, chargeableUntil: isChargeable ? until : now };
  await tombstones.bury(burial);
  await tombstones.collect(pseudonym, now);
}

/** What a run has written down; throws NotYetError where another has, which this one must not undo. */
function stillOurs<T extends object | true>(written: T | undefined | false): T {
  if (!written) throw new NotYetError("Another run has come further");
  return written;
}

/** After an hour, then after as long as it has failed already, in the end once a day. */
function nextTryOf({ failingSince }: Forgetting, now: Date): Date {
  const failingMs = now.getTime() - (failingSince ?? now).getTime();
  const laterMs = Math.min(Math.max(failingMs, LOOK_AGAIN_MS), MOST_BETWEEN_TRIES_MS);
  return new Date(now.getTime() + laterMs);
}

/** Whether something is open, or left over afterwards; then it is gone on with later, from the start. */
async function waits(
  who: Forgetting,
  deps: ForgetPersonDeps,
  { isDone }: { readonly isDone: boolean } = { isDone: false },
): Promise<boolean> {
  const obligations = await openObligations(who.userId, deps);
  const kinds = [
    ...obligations.map(({ kind }) => kind),
    ...(isDone ? await leftOver(who.userId, deps) : []),
  ];
  if (kinds.length === 0) return false;
  deps.log.warn("Someone cannot be forgotten yet", { waitsFor: kinds });
  if (who.state === "working" && obligations.length > 0) {
    await tell(who, "waits", notYetAnswer(obligations), deps);
  }
  const later = new Date(deps.clock.now().getTime() + LOOK_AGAIN_MS);
  const waiting = stillOurs(await deps.forgettings.postpone(who, later, kinds));
  await scheduleForgetting(waiting, later, deps);
  return true;
}

/** What still names someone after all steps; it is in nobody else's hands, and comes right by itself. */
async function leftOver(userId: string, deps: ForgetPersonDeps): Promise<string[]> {
  const [hasPostings, hasBids] = await Promise.all([
    deps.personalData.races.hasPostings(userId),
    isInRedis(userId, deps),
  ]);
  return [...(hasPostings ? ["postings"] : []), ...(hasBids ? ["bids"] : [])];
}

/** Edits the answer to the press, or writes a DM where it is too late for that: one of each kind. */
function tell(
  { userId, interactionId, interactionToken: token }: Forgetting,
  what: "waits" | "done",
  message: OutgoingMessage,
  deps: ForgetPersonDeps,
): Promise<void> {
  return answerInteraction({ id: `${interactionId}:${what}`, userId, token }, message, deps);
}

/** Where someone's DMs go; undefined where Discord does not know them any more. */
async function dmChannelOf(
  userId: string,
  { discord }: Pick<Deps, "discord">,
): Promise<string | undefined> {
  try {
    return await discord.openDm(userId);
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}
