import express, { type Router } from "express";
import * as z from "zod/mini";
import { refusals } from "../discord-error.ts";
import { list, maybe, readForm, snowflake, text } from "../forms/form.ts";
import { botMayArrange, botPermissionsIn } from "../state/permissions.ts";
import type { Guild } from "../state/records.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";
import { channelJson } from "./message-json.ts";
import { NO_PERMISSIONS, roleJson, rolesJson } from "./people.ts";

const MOST_OVERWRITES = 1000;

const newChannel = z.object({
  name: text(100, 1),
  type: z._default(z.int(), 0),
  topic: maybe(text(1024)),
  permission_overwrites: z._default(
    list(
      z.object({
        id: snowflake,
        type: z.int(),
        allow: z._default(z.string(), "0"),
        deny: z._default(z.string(), "0"),
      }),
      MOST_OVERWRITES,
    ),
    [],
  ),
});
const newRole = z.object({
  name: z._default(text(100), "new role"),
  mentionable: z._default(z.boolean(), false),
});

/**
 * Servers, and how a bot arranges one: https://discord.com/developers/docs/resources/guild,
 * https://discord.com/developers/docs/resources/user#get-current-user-guilds
 */
export function serversRouter({ directory }: World): Router {
  const router = express.Router();
  const arrangeable = (id: string, permission: "manageChannels" | "manageRoles"): Guild => {
    const guild = directory.guild(id);
    if (!botMayArrange(guild, permission)) throw refusals.missingPermissions();
    return guild;
  };

  router.get("/users/@me/guilds", (_request, response) => {
    response.json(
      directory.guilds().map((guild) => ({
        id: guild.id,
        name: guild.name,
        owner: false,
        permissions: botPermissionsIn(guild),
      })),
    );
  });
  router.get("/guilds/:guild/channels", (request, response) => {
    const { id } = directory.guild(request.params.guild);
    response.json(directory.channelsOf(id).map((channel) => channelJson(channel, directory)));
  });
  router.post("/guilds/:guild/channels", async (request, response) => {
    const { id: guildId } = arrangeable(request.params.guild, "manageChannels");
    const form = readForm(newChannel, (await readBody(request)).json);
    const { name, type, topic, permission_overwrites: overwrites } = form;
    const others = overwrites.filter(({ id }) => id !== directory.bot.id);
    const shape = { id: directory.newId(), guildId, name, type, overwrites: others };
    const channel = directory.addChannel({ ...shape, ...(topic && { topic }) });
    response.status(201).json(channelJson(channel, directory));
  });
  router.delete("/channels/:channel", (request, response) => {
    const channel = directory.channel(request.params.channel);
    if (channel.kind === "dm") throw refusals.missingAccess();
    arrangeable(channel.guildId, "manageChannels");
    directory.deleteChannel(channel.id);
    response.json(channelJson(channel, directory));
  });

  router.get("/guilds/:guild/roles", (request, response) => {
    const guild = directory.guild(request.params.guild);
    response.json(rolesJson(guild, directory));
  });
  router.post("/guilds/:guild/roles", async (request, response) => {
    const { id: guildId } = arrangeable(request.params.guild, "manageRoles");
    const form = readForm(newRole, (await readBody(request)).json);
    const role = directory.addRole({ id: directory.newId(), guildId, ...form });
    response.json(roleJson(role, NO_PERMISSIONS));
  });
  router.delete("/guilds/:guild/roles/:role", (request, response) => {
    arrangeable(request.params.guild, "manageRoles");
    if (!directory.role(request.params.role)) throw refusals.unknownRole();
    directory.deleteRole(request.params.role);
    response.status(204).end();
  });
  return router;
}
