import express, { type Router } from "express";
import { RESPONSE_FLAGS, readEdit, readMessage } from "../forms/messages.ts";
import { MessageFlag } from "../state/records.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";
import { messageJson } from "./message-json.ts";
import { originOf } from "./origin.ts";

/**
 * Responses to interactions by REST call. They need no bot token; the interaction's token
 * authorises them.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints
 */
export function webhooksRouter({ interactions, messages, attachments, directory }: World): Router {
  const router = express.Router();

  router.post("/interactions/:interaction/:token/callback", async (request, response) => {
    const { interaction: id, token } = request.params;
    const interaction = interactions.forCallback(id, token);
    const { json } = await readBody(request);
    const answer = interactions.answer(interaction, json, "callback");
    if (request.query["with_response"] !== "true") {
      response.status(204).end();
      return;
    }
    const { originalId, channelId, type } = interaction;
    const message = originalId ? messages.find(channelId, originalId) : undefined;
    response.json({
      interaction: {
        id,
        type,
        ...(message && {
          response_message_id: message.id,
          response_message_loading: (message.flags & MessageFlag.loading) !== 0,
          response_message_ephemeral: message.onlyFor !== undefined,
        }),
      },
      resource: { type: answer.type, ...(message && { message: messageJson(message, directory) }) },
    });
  });

  router.post("/webhooks/:application/:token", async (request, response) => {
    const { application, token } = request.params;
    const interaction = interactions.forWebhook(application, token);
    const { json, files } = await readBody(request);
    const form = readMessage(json, RESPONSE_FLAGS);
    const stored = attachments.store(files, form.attachments, [], originOf(request));
    const message = interactions.followUp(interaction, form, stored);
    response.json(messageJson(message, directory));
  });

  router.get("/webhooks/:application/:token/messages/:message", (request, response) => {
    const { application, token, message } = request.params;
    const interaction = interactions.forWebhook(application, token);
    response.json(messageJson(interactions.message(interaction, message), directory));
  });

  router.patch("/webhooks/:application/:token/messages/:message", async (request, response) => {
    const { application, token } = request.params;
    const interaction = interactions.forWebhook(application, token);
    const message = interactions.message(interaction, request.params.message);
    const { json, files } = await readBody(request);
    const form = readEdit(json, message.flags);
    const { attachments: before } = message;
    const stored = attachments.store(files, form.attachments, before, originOf(request));
    response.json(messageJson(messages.edit(message, form, stored, "interaction"), directory));
  });

  router.delete("/webhooks/:application/:token/messages/:message", (request, response) => {
    const { application, token, message } = request.params;
    const interaction = interactions.forWebhook(application, token);
    messages.delete(interactions.message(interaction, message));
    response.status(204).end();
  });

  return router;
}
