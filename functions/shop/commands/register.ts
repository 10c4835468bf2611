import { randomBytes } from "node:crypto";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { HELIX_LAG_MS } from "../../../shared/clients/twitch/connect-twitch.ts";
import { TwitchUnavailableError } from "../../../shared/clients/twitch/errors.ts";
import { eventSubCallback } from "../../../shared/clients/twitch/event-sub-callback.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../shared/discord/definitions/options.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { formatState, readCode } from "../../members/domain/sign-in.ts";
import { isApproved } from "../../members/domain/standing.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import { channelLostNotice, provedNotice } from "../../members/messages/builder-standing.ts";
import {
  provedText,
  registerRefusalTexts,
  signInAnswer,
} from "../../members/messages/registering.ts";
import { builderDigests } from "../../members/privacy/tombstone-digest.ts";
import type { Builder, TwitchChannel } from "../../members/store/builders.ts";
import { bookForgottenDebts } from "../money/returning.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** Nobody guesses a code in this many tries. */
const NONCE_BYTES = 24;
/** What the team has decided does not change by signing in again. */
const DECIDED: ReadonlySet<string> = new Set(["declined", "suspended", "removed"]);

/** `/c500 register`. */
export const registerCommand = defineCommand({
  words: "c500 register",
  description: "Become a C500 builder, or change your Twitch channel",
  options: {
    code: text("The code that you were shown after signing in at Twitch", { maxLength: 20 }),
  },
  who: "everyone",
  limit: "registrations",
  answeredBy: "shop",
});

/**
 * Gives a link to sign in at Twitch; with the code that the page after it shows, the proof that
 * the channel is theirs. Neither is enough alone: someone who is sent another's link sees a code that only
 * the other's account takes, and has to hand it over.
 */
export const registering = /* @__PURE__ */ action(registerCommand, {
  run: register,
  isBegun: (use, _values, deps: Pick<ShopDeps, "builders">) => isProved(use, deps),
});

async function register(
  use: CommandUse,
  { code }: ValuesOf<typeof registerCommand>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  await bookForgottenDebts(use.userId, use.id, deps);
  const standing = await deps.builders.standing(use.userId);
  const refusal = DECIDED.has(standing.state) && standingRefusal(standing, builderWords);
  if (refusal && !(await isProved(use, deps))) return { content: refusal };
  return code === undefined ? beginSignIn(use, deps) : prove(use, code, deps);
}

/** Whether an earlier delivery has proved the channel. */
function isProved(
  { id, userId }: CommandUse,
  { builders }: Pick<ShopDeps, "builders">,
): Promise<boolean> {
  return builders.hasChange(userId, id);
}

/** A repeat gives the same link; a newer command's link makes the older one worthless. */
async function beginSignIn(
  { id: interactionId, userId, accountName }: CommandUse,
  { signIns, twitchSignIn, clock }: ShopDeps,
): Promise<OutgoingMessage> {
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  const now = clock.now();
  const signIn = await signIns.begin({ userId, nonce }, { interactionId, accountName, now });
  return signInAnswer(signIn, twitchSignIn.pageUrl(formatState(signIn)));
}

/**
 * Idempotency: the proof is kept under the command's id, notices are sent once by it, Twitch is asked
 * for the same subscriptions. Crash safety: the repeat finds the proof and does the rest, also when the
 * code has ended meanwhile. What Twitch does not answer the sweeper asks for.
 */
async function prove(command: CommandUse, typed: string, deps: ShopDeps): Promise<OutgoingMessage> {
  const { id, userId } = command;
  if (!(await isProved(command, deps))) {
    const refusal = await proveByCode(command, typed, deps);
    if (refusal !== undefined) return { content: refusal };
  }
  const builder = await deps.builders.get(userId);
  if (!builder?.twitchUserId || !builder.twitchUsername) {
    return { content: registerRefusalTexts.none };
  }
  const { twitchUserId, twitchUsername: login } = builder;
  const standing = (await deps.builders.changed(userId, id)) ?? builder.standing;
  await notify({ id, builder: { ...builder, standing }, login }, deps);
  await followStreams(userId, twitchUserId, deps);
  await deps.signIns.end(userId, id);
  const facts = {
    isApproved: isApproved(builder.standing),
    hasAccount: builder.account !== undefined,
  };
  return { content: provedText(login, facts) };
}

/** Makes the channel theirs; a sentence where that cannot be. */
async function proveByCode(
  { id, userId }: CommandUse,
  typed: string,
  deps: ShopDeps,
): Promise<string | undefined> {
  const code = readCode(typed);
  if (code === undefined) return registerRefusalTexts["not-a-code"];
  const at = deps.clock.now();
  const check = await deps.signIns.checkCode({ userId, code, interactionId: id }, at);
  if (check.outcome !== "right") return registerRefusalTexts[check.outcome];
  const { channel } = check;
  if (await movesWithMoneyHeld(userId, channel, deps)) return registerRefusalTexts["money-held"];
  const isAutomatic = deps.config.BUILDER_APPROVAL === "automatic";
  const keys = deps.config.FORGOTTEN_KEY;
  const digests = builderDigests({ userId, twitchUserId: channel.userId }, keys);
  const result = await deps.builders.prove({ id, userId, channel, isAutomatic, digests, at });
  switch (result.outcome) {
    case "proved":
      return undefined;
    case "taken":
      return registerRefusalTexts.taken;
    case "barred":
      return standingRefusal(result.standing, builderWords);
  }
}

async function movesWithMoneyHeld(
  userId: string,
  channel: TwitchChannel,
  { builders, releases }: Pick<ShopDeps, "builders" | "releases">,
): Promise<boolean> {
  const before = (await builders.get(userId))?.twitchUserId;
  const isMove = before !== undefined && before !== channel.userId;
  return isMove && (await releases.waitingOf(userId)).length > 0;
}

/** The operators, and those who had claimed the channel without proof. */
async function notify(
  {
    id,
    builder,
    login,
  }: { readonly id: string; readonly builder: Builder; readonly login: string },
  deps: ShopDeps,
): Promise<void> {
  const { id: builderId, standing } = builder;
  const former = await deps.builders.formerOwners({ id, userId: builderId });
  const held = await Promise.all(former.map((owner) => deps.releases.waitingOf(owner.id)));
  const notice = provedNotice({
    builderId,
    login,
    standing,
    former,
    heldOrders: held.flat().length,
  });
  const operators = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  await sendOnce(provedKey(builderId, standing.version), operators, notice, deps);
  for (const owner of former.filter(({ was }) => was !== "removed")) {
    await sendDmOnce(`channel-lost:${id}`, owner.id, channelLostNotice(login), deps);
  }
}

/** Under which the operators' notice of a proof is known; it is changed when they have decided. */
export function provedKey(builderId: string, version: number): string {
  return `registered:${builderId}:${version}`;
}

async function followStreams(userId: string, twitchUserId: string, deps: ShopDeps): Promise<void> {
  const { FUNCTIONS_BASE_URL: base, TWITCH_EVENTSUB_SECRET: secrets } = deps.config;
  try {
    await deps.twitch.subscribe(twitchUserId, eventSubCallback(base, secrets));
    const stream = await deps.twitch.liveStream({ userId: twitchUserId });
    // Events know better about the last minutes.
    const at = new Date(deps.clock.now().getTime() - HELIX_LAG_MS);
    const streamId = stream?.id;
    const status = { channelId: twitchUserId, isLive: stream !== undefined, streamId, at };
    await deps.builders.recordStreamStatus(userId, status);
  } catch (error) {
    if (!(error instanceof TwitchUnavailableError)) throw error;
    deps.log.warn("Twitch does not answer; the sweeper will create the subscriptions");
  }
}
