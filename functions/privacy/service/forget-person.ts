import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { isOurCallback } from "../../../shared/clients/twitch/event-sub-callback.ts";
import {
  type AnswerDeps,
  answerInteraction,
} from "../../../shared/discord/sending/answer-interaction.ts";
import { isDue, NotYetError } from "../../../shared/runtime/delivery/task-worker.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import { builderDigests, tombstoneDigests } from "../../members/privacy/tombstone-digest.ts";
import {
  type DeletePicturesDeps,
  deleteCasePictures,
} from "../../shipping/service/delete-case-pictures.ts";
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
  DeletePicturesDeps &
  Pick<Deps, "customers" | "stripe" | "forgettings" | "twitch" | "tasks" | "tombstones">;

/**
 * The second pass starts this long after the first. By then every earlier command has completed or was abandoned:
 * Pub/Sub tries 15 times, at most five minutes apart.
 */
export const REST_MS = 60 * 60_000;
/** Open obligations are checked again after this. */
const LOOK_AGAIN_MS = 60 * 60_000;
/** The longest delay between tries after permanent failures. */
const MOST_BETWEEN_TRIES_MS = 24 * 60 * 60_000;

/** The steps of a pass. Each is idempotent. */
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

    async reports({ userId }, deps) {
      const reported = await deps.casePictures.ofBuyer(userId);
      for (const each of reported) await deleteCasePictures(each, deps);
    },

    orders: ({ userId, pseudonym }, { personalData, clock }) =>
      personalData.orders.rename(userId, pseudonym, clock.now()),

    auctions: ({ userId, pseudonym }, { personalData }) =>
      personalData.auctions.rename(userId, pseudonym),

    races: ({ userId, pseudonym }, { personalData, clock }) =>
      personalData.races.rename(userId, pseudonym, clock.now()),

    /** Stripe keeps the address on their payments, which refunds and taxes need. */
    async customer({ userId }, { customers, stripe }) {
      const customerId = await customers.get(userId);
      if (customerId) await stripe.deleteCustomer(customerId);
    },

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
 * Forgets a user, or continues: one pass now, and a second one an hour later for whatever was under way. It waits
 * while the user has open obligations. Only the record that it was done remains.
 *
 * Idempotency: each step does what is left of it, in the same order and under the same pseudonym. Of two concurrent
 * runs the slower one records nothing, and is retried. The user is notified before the last identifier is deleted.
 * Crash safety: a failed step is retried with growing delays, as one dead letter.
 */
export async function forgetPerson(userId: string, deps: ForgetPersonDeps): Promise<void> {
  const { forgettings, clock } = deps;
  const who = await forgettings.get(userId);
  if (!who) return;
  if (who.state === "resting" && !isDue(who.dueAt, clock.now(), "The second pass")) return;
  const run = { who };
  try {
    await goOn(run, deps);
  } catch (error) {
    if (isTerminal(error)) await forgettings.failed(run.who, nextTryOf(run.who, clock.now()));
    throw error;
  }
}

/** Schedules the next run. Scheduling the same step twice creates one task. */
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

/** Runs the remaining steps; `run.who` is always the last stored state. */
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
 * Stores what a person may still owe under a digest of their id, if their sales or shares can be charged back or
 * they owe something now. Earlier steps have put everything else under the pseudonym.
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

/**
 * Returns the stored state. Throws NotYetError if another run has changed it, which this run must not overwrite.
 */
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

/** Whether obligations are open or identifiers are left over; if so, schedules another run from the first step. */
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

/** What still names the user after all steps; it resolves by itself. */
async function leftOver(userId: string, deps: ForgetPersonDeps): Promise<string[]> {
  const [hasPostings, hasBids] = await Promise.all([
    deps.personalData.races.hasPostings(userId),
    isInRedis(userId, deps),
  ]);
  return [...(hasPostings ? ["postings"] : []), ...(hasBids ? ["bids"] : [])];
}

/** Edits the answer to the button, or sends a DM if the token has expired; one message of each kind. */
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
