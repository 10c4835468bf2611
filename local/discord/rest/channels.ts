import express, { type Router } from "express";
import { DiscordError, refusals } from "../discord-error.ts";
import { fieldError } from "../forms/form.ts";
import {
  CHANNEL_MESSAGE_FLAGS,
  type MessageForm,
  readEdit,
  readMessage,
} from "../forms/messages.ts";
import { contentOf } from "../state/interactions.ts";
import type { BotPermissions, Channel, Message } from "../state/records.ts";
import { isLater } from "../state/snowflakes.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";
import { channelJson, messageJson } from "./message-json.ts";
import { originOf } from "./origin.ts";

// https://discord.com/developers/docs/resources/message#get-channel-messages
const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;

/** Editing a message older than this counts towards the limit for old messages. */
const OLD_AFTER_MS = 3_600_000;

/** Channels and their messages: https://discord.com/developers/docs/resources/message */
export function channelsRouter(world: World): Router {
  const { directory, messages, attachments, limits, clock } = world;
  const router = express.Router();

  const visibleChannel = (id: string) => {
    const channel = directory.channel(id);
    need(channel, "viewChannel");
    return channel;
  };

  router.get("/channels/:channel", (request, response) => {
    response.json(channelJson(visibleChannel(request.params.channel), directory));
  });

  router.get("/channels/:channel/messages", (request, response) => {
    const channel = visibleChannel(request.params.channel);
    const page = pageOf(messages.in(channel.id), request.query);
    response.json(page.map((message) => messageJson(message, directory)));
  });

  router.post("/channels/:channel/messages", async (request, response) => {
    const channel = visibleChannel(request.params.channel);
    need(channel, "sendMessages");
    const { json, files } = await readBody(request);
    const form = readMessage(json, CHANNEL_MESSAGE_FLAGS);
    if (form.embeds?.length) need(channel, "embedLinks");
    if (files.length > 0) need(channel, "attachFiles");
    refuseUnwanted(channel, world);
    const author = directory.bot.id;
    const nonce = form.nonce ?? undefined;
    const earlier =
      form.enforce_nonce && nonce !== undefined ? messages.sentBefore(author, nonce) : undefined;
    const message =
      earlier ??
      messages.create({
        ...contentOf(form, attachments.store(files, form.attachments, [], originOf(request))),
        channelId: channel.id,
        authorId: author,
        tts: form.tts ?? false,
        nonce,
        repliesTo: repliesTo(form, channel.id, world),
        defaults: "message",
      });
    response.json(messageJson(message, directory));
  });

  router.get("/channels/:channel/messages/:message", (request, response) => {
    const channel = visibleChannel(request.params.channel);
    response.json(messageJson(messages.visible(channel.id, request.params.message), directory));
  });

  router.patch("/channels/:channel/messages/:message", async (request, response) => {
    const channel = visibleChannel(request.params.channel);
    const message = messages.visible(channel.id, request.params.message);
    if (message.authorId !== directory.bot.id) throw refusals.notTheAuthor();
    if (message.announcesPinOf !== undefined) throw refusals.systemMessage();
    const { json, files } = await readBody(request);
    const form = readEdit(json, message.flags);
    if (clock.nowMs() - message.createdAtMs > OLD_AFTER_MS) limits?.countOldEdit(channel.id);
    const { attachments: before } = message;
    const stored = attachments.store(files, form.attachments, before, originOf(request));
    response.json(messageJson(messages.edit(message, form, stored, "message"), directory));
  });

  const pins = "/channels/:channel/messages/pins/:message";
  const pinnable = (params: { readonly channel: string; readonly message: string }) => {
    const channel = visibleChannel(params.channel);
    need(channel, "pinMessages");
    return messages.visible(channel.id, params.message);
  };
  router.put(pins, (request, response) => {
    messages.pin(pinnable(request.params), directory.bot.id);
    response.status(204).end();
  });
  router.delete(pins, (request, response) => {
    messages.unpin(pinnable(request.params));
    response.status(204).end();
  });

  router.delete("/channels/:channel/messages/:message", (request, response) => {
    const channel = visibleChannel(request.params.channel);
    const message = messages.visible(channel.id, request.params.message);
    if (message.authorId !== directory.bot.id) need(channel, "manageMessages");
    messages.delete(message);
    response.status(204).end();
  });

  return router;
}

/** Throws 50001 when the bot cannot see the channel, 50013 when it lacks another permission. */
function need(channel: Channel, permission: keyof BotPermissions): void {
  if (channel.kind === "dm" || channel.botMay[permission]) return;
  throw permission === "viewChannel" ? refusals.missingAccess() : refusals.missingPermissions();
}

/** Discord reports closed DMs only on sending: 50007, or 50278 without a shared server. */
function refuseUnwanted(channel: Channel, { directory }: World): void {
  if (channel.kind !== "dm") return;
  const { dmsClosed, sharesGuild } = directory.membership(channel.userId);
  if (!sharesGuild) throw refusals.noMutualGuild();
  if (dmsClosed) throw refusals.closedDms();
}

function repliesTo(form: MessageForm, channelId: string, { messages }: World): string | undefined {
  const id = form.message_reference?.message_id ?? undefined;
  if (id === undefined) return undefined;
  try {
    return messages.visible(channelId, id).id;
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    if (form.message_reference?.fail_if_not_exists === false) return undefined;
    throw refusals.invalidForm(
      fieldError(["message_reference"], "REPLIES_UNKNOWN_MESSAGE", "Unknown message"),
    );
  }
}

/** The requested page of messages, newest first. */
function pageOf(all: readonly Message[], query: Readonly<Record<string, unknown>>): Message[] {
  const limit = query["limit"] === undefined ? DEFAULT_PAGE : Number(query["limit"]);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE)) {
    const message = `int value should be between 1 and ${MAX_PAGE}.`;
    throw refusals.invalidForm(fieldError(["limit"], "NUMBER_TYPE_MAX", message));
  }
  const id = (name: string) => {
    const value = query[name];
    return typeof value === "string" && /^\d{1,20}$/.test(value) ? value : undefined;
  };
  const before = id("before");
  const after = id("after");
  const around = id("around");
  const newestFirst = [...all].reverse();
  if (before) {
    return newestFirst.filter((message) => isLater(before, message.id)).slice(0, limit);
  }
  if (after) {
    return newestFirst.filter((message) => isLater(message.id, after)).slice(-limit);
  }
  if (around) {
    const half = Math.floor(limit / 2);
    const older = newestFirst.filter((message) => !isLater(message.id, around)).slice(0, half + 1);
    const newer = newestFirst
      .filter((message) => isLater(message.id, around))
      .slice(-half || all.length);
    return [...newer, ...older];
  }
  return newestFirst.slice(0, limit);
}
