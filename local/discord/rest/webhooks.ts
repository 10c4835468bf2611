import express, { type Router } from "express";
import { readEdit } from "../forms/messages.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";
import { messageJson } from "./message-json.ts";
import { originOf } from "./origin.ts";

/**
 * Edits of the first answer to an interaction. They need no bot token; the interaction's token
 * authorises them.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints
 */
export function webhooksRouter({ interactions, messages, attachments, directory }: World): Router {
  const router = express.Router();

  router.patch("/webhooks/:application/:token/messages/@original", async (request, response) => {
    const { application, token } = request.params;
    const interaction = interactions.forWebhook(application, token);
    const message = interactions.original(interaction);
    const { json, files } = await readBody(request);
    const form = readEdit(json, message.flags);
    const { attachments: before } = message;
    const stored = attachments.store(files, form.attachments, before, originOf(request));
    response.json(messageJson(messages.edit(message, form, stored, "interaction"), directory));
  });

  return router;
}
