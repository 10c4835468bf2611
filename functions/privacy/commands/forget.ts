import { randomBytes } from "node:crypto";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { pseudonymOf } from "../../../shared/discord/pseudonym.ts";
import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import type { Deps } from "../deps.ts";
import { forgetQuestion, forgetTexts, stillOpenAnswer } from "../messages/forgetting.ts";
import { forgottenDebtNotice, stillOpenNotice } from "../messages/operators.ts";
import { REST_MS, scheduleForgetting } from "../service/forget-person.ts";
import { givenUp, openObligations, owedBy } from "../service/open-obligations.ts";
import { refusalKey } from "../store/person-traces.ts";
import { forgetButton } from "./buttons.ts";

/** 96 random bits: nobody can guess a pseudonym, and no two people draw the same. */
const PSEUDONYM_BYTES = 12;
/** After this time the sweeper replaces a lost task. */
const GRACE_MS = 5 * 60_000;

/** `/c500 forget me`. */
export const forgetCommand = defineCommand({
  words: "c500 forget me",
  description: "Have everything about you removed; shows first what that means",
  options: {},
  who: "everyone",
  answeredBy: "shop",
});

/**
 * Explains what would be removed and kept, with a button; or lists what is still open, and notifies the operators
 * of it once a day. Changes nothing.
 */
export const explainingForgetting = /* @__PURE__ */ action(
  forgetCommand,
  ({ userId }, _values, deps: Deps) => explain(userId, deps),
);

async function explain(userId: string, deps: Deps): Promise<OutgoingMessage> {
  if (await deps.forgettings.get(userId)) return { content: forgetTexts.underWay };
  const obligations = await openObligations(userId, deps);
  if (obligations.length > 0) {
    const day = deps.clock.now().toISOString().slice(0, 10);
    const notice = stillOpenNotice(userId, obligations);
    await sendOnce(refusalKey(userId, day), operatorsOf(deps), notice, deps);
    return stillOpenAnswer(obligations);
  }
  const isBuilder = (await deps.builders.get(userId)) !== undefined;
  const [lost, owed] = await Promise.all([givenUp(userId, deps), owedBy(userId, deps)]);
  return forgetQuestion(userId, { isBuilder, lost, owed });
}

/**
 * Handles the red button, which only its owner may press: draws a pseudonym and schedules the work. A second press
 * answers that it is under way. A press that is an hour old is refused. The operators are notified of the amounts
 * that nobody will owe, but not of the debtor, because that message would lead from the pseudonym to the person.
 */
export const beginningToForget = /* @__PURE__ */ action(forgetButton, {
  run: begin,
  isBegun: async ({ id, userId }, _values, { forgettings }: Pick<Deps, "forgettings">) =>
    (await forgettings.get(userId))?.interactionId === id,
});

async function begin(
  { id, token, userId }: CommandUse,
  button: ValuesOf<typeof forgetButton>,
  deps: Deps,
): Promise<OutgoingMessage> {
  const { forgettings, builders, clock } = deps;
  if (button.userId !== userId) return { content: forgetTexts.notYours };
  const nowMs = clock.now().getTime();
  if (nowMs - snowflakeTimeMs(id) >= REST_MS) return { content: forgetTexts.tooOld };
  const known = await forgettings.get(userId);
  if (known && known.interactionId !== id) return { content: forgetTexts.underWay };
  if (!known) {
    const obligations = await openObligations(userId, deps);
    if (obligations.length > 0) return stillOpenAnswer(obligations);
    const owed = await owedBy(userId, deps);
    if (owed.length > 0) {
      await sendOnce(`debt-of-forgotten:${id}`, operatorsOf(deps), forgottenDebtNotice(owed), deps);
    }
    await forgettings.begin({
      userId,
      pseudonym: pseudonymOf(randomBytes(PSEUDONYM_BYTES)),
      interactionId: id,
      interactionToken: token,
      twitchUserId: (await builders.get(userId))?.twitchUserId,
      dueAt: new Date(nowMs + GRACE_MS),
    });
  }
  const who = await forgettings.get(userId);
  if (who) await scheduleForgetting(who, clock.now(), deps);
  return { content: forgetTexts.begun };
}

const operatorsOf =
  ({ config }: Pick<Deps, "config">) =>
  async () =>
    config.DISCORD_OPERATORS_CHANNEL_ID;
