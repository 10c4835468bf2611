import express, { type Router } from "express";
import * as z from "zod/mini";
import { refusals } from "../discord-error.ts";
import { readForm, snowflake } from "../forms/form.ts";
import { ORDINARY_PERMISSIONS } from "../state/permissions.ts";
import type { Guild, Role } from "../state/records.ts";
import type { World } from "../state/world.ts";
import { readBody } from "./body.ts";
import { memberJson } from "./member-json.ts";
import { channelJson, userJson } from "./message-json.ts";

export const NO_PERMISSIONS = "0";

/** The distance of the id of the bot's own role from its server's. */
const OWN_ROLE = 1_000_000n;

const dmForm = z.object({ recipient_id: snowflake });

/**
 * Users and servers: https://discord.com/developers/docs/resources/user,
 * https://discord.com/developers/docs/resources/guild
 */
export function peopleRouter({ directory, log }: World): Router {
  const router = express.Router();

  router.get("/users/@me", (_request, response) => {
    response.json(userJson(directory.bot));
  });
  router.post("/users/@me/channels", async (request, response) => {
    const { recipient_id } = readForm(dmForm, (await readBody(request)).json);
    const { channel, isNew } = directory.openDm(recipient_id);
    if (isNew) log.add({ kind: "dm-opened", channelId: channel.id, userId: channel.userId });
    response.json(channelJson(channel, directory));
  });

  router.get("/guilds/:guild", (request, response) => {
    const guild = directory.guild(request.params.guild);
    response.json(guildJson(guild, directory));
  });
  router.get("/guilds/:guild/members/:user", (request, response) => {
    const guild = directory.guild(request.params.guild);
    const user = directory.user(request.params.user);
    const membership = directory.membership(user.id);
    if (!membership.sharesGuild) throw refusals.unknownMember();
    const isBot = user.id === directory.bot.id;
    const roles = isBot ? [botRoleId(guild), ...membership.roles] : membership.roles;
    response.json({ user: userJson(user), ...memberJson({ ...membership, roles }) });
  });

  return router;
}

function guildJson(guild: Guild, directory: World["directory"]) {
  const { id, name, ownerId, locale } = guild;
  const preferred_locale = locale;
  const roles = rolesJson(guild, directory);
  return { id, name, owner_id: ownerId, preferred_locale, features: [], roles };
}

/**
 * The first role is @everyone, which has the server's id. The second is the bot's own, which its invitation has made
 * with the permissions that it names.
 */
export function rolesJson(guild: Guild, directory: World["directory"]) {
  const everyone = { id: guild.id, name: "@everyone", mentionable: false };
  const own = { id: botRoleId(guild), name: directory.bot.username, mentionable: false };
  return [
    roleJson(everyone, ORDINARY_PERMISSIONS),
    { ...roleJson(own, guild.botPermissions), managed: true },
    ...directory.rolesOf(guild.id).map((role) => roleJson(role, NO_PERMISSIONS)),
  ];
}

function botRoleId({ id }: Pick<Guild, "id">): string {
  return (BigInt(id) + OWN_ROLE).toString();
}

export function roleJson({ id, name, mentionable }: Omit<Role, "guildId">, permissions: string) {
  return { id, name, mentionable, color: 0, hoist: false, managed: false, permissions };
}
