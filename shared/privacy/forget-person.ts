import { DiscordError, type OutgoingMessage } from "../clients/discord.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";
import { type AnswerDeps, answerInteraction } from "../messages/answer-interaction.ts";
import { forgottenAnswer, notYetAnswer } from "../messages/forgetting.ts";
import type { Deps } from "../runtime/deps.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../shop/drop-board.ts";
import type { Forgetting } from "../store/forgettings.ts";
import { forgetInRedis } from "./forget-in-redis.ts";
import { type OpenAffairsDeps, openAffairs } from "./open-affairs.ts";

/** What forgetting someone needs. */
export type ForgetPersonDeps = AnswerDeps &
  OpenAffairsDeps &
  ScheduleBoardDeps &
  Pick<Deps, "forgettings" | "personalData" | "twitch" | "redis" | "tasks">;

/**
 * So long after everything is gone it is gone through once more. A command that was under way is done,
 * or was given up, by then: Pub/Sub tries ten times, at most five minutes apart.
 */
export const REST_MS = 60 * 60_000;
/** What is still open is looked at again after this. */
const LOOK_AGAIN_MS = 60 * 60_000;

/** Each may be done again, and does nothing then. */
const steps: Readonly<Record<string, (who: Forgetting, deps: ForgetPersonDeps) => Promise<void>>> =
  {
    async streams({ userId, twitchUserId }, { twitch, personalData }) {
      await personalData.traces.deleteGoLives(userId);
      if (twitchUserId === undefined) return;
      for await (const subscription of twitch.subscriptions()) {
        if (subscription.twitchUserId === twitchUserId) {
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

    profiles: ({ userId, pseudonym }, { personalData }) =>
      personalData.traces.deleteProfiles(userId, pseudonym),

    async notes({ userId }, deps) {
      await deps.personalData.traces.deleteNotes(userId, await dmChannelOf(userId, deps));
    },

    redis: ({ userId }, deps) => forgetInRedis(userId, deps),
  };

/**
 * Forgets someone, or goes on with it: once now, and once more an hour later, with whatever was under
 * way meanwhile. While something of theirs is open it waits. Nothing is left but that it was done.
 *
 * Twice, at the same time or after a crash: each step finds what is left of it to do, and they always go
 * in the same order under the same pseudonym. The person is told before the last of them is gone.
 */
export async function forgetPerson(userId: string, deps: ForgetPersonDeps): Promise<void> {
  const { forgettings, clock } = deps;
  const who = await forgettings.get(userId);
  if (!who || (who.state === "resting" && clock.now() < who.dueAt)) return;
  if (await waits(who, deps)) return;
  const names = Object.keys(steps);
  for (const name of names.slice(names.indexOf(who.cursor ?? "") + 1)) {
    await steps[name]?.(who, deps);
    await forgettings.reached(userId, name);
  }
  if (await waits(who, deps, { isDone: true })) return;
  if (who.state === "resting") {
    await forgettings.end(who, clock.now());
    return;
  }
  const again = new Date(clock.now().getTime() + REST_MS);
  await tell(who, "done", forgottenAnswer(again), deps);
  await forgettings.rest(userId, again);
  await scheduleForgetting(userId, again, deps);
}

/** Asks for someone to be forgotten at a time; asking twice for the same is asking once. */
export async function scheduleForgetting(
  userId: string,
  at: Date,
  { tasks }: Pick<Deps, "tasks">,
): Promise<void> {
  await tasks.enqueue(forgetPersonDue, { id: `forget.${userId}.${at.getTime()}`, userId }, at);
}

/** Whether something is open, or left over afterwards; then it is gone on with later, from the start. */
async function waits(
  who: Forgetting,
  deps: ForgetPersonDeps,
  { isDone }: { readonly isDone: boolean } = { isDone: false },
): Promise<boolean> {
  const { userId, state } = who;
  const affairs = await openAffairs(userId, deps);
  const isLeftOver = isDone && (await deps.personalData.races.hasPostings(userId));
  if (affairs.length === 0 && !isLeftOver) return false;
  const kinds = affairs.length === 0 ? ["postings"] : affairs.map(({ kind }) => kind);
  deps.log.warn("Someone can not be forgotten yet", { waitsFor: kinds });
  if (state === "working" && affairs.length > 0) {
    await tell(who, "waits", notYetAnswer(affairs), deps);
  }
  const later = new Date(deps.clock.now().getTime() + LOOK_AGAIN_MS);
  await deps.forgettings.postpone(userId, later, kinds);
  await scheduleForgetting(userId, later, deps);
  return true;
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
