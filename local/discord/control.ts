import express, { type ErrorRequestHandler, type Router } from "express";
import * as z from "zod/mini";
import type { DiscordClient } from "./client/client.ts";
import { ImpossibleError } from "./client/command-data.ts";
import { DiscordError, refusals } from "./discord-error.ts";
import { readForm, snowflake } from "./forms/form.ts";
import type { DiscordSimulator } from "./index.ts";
import type { World } from "./state/world.ts";

const text = z.optional(z.string());
const flag = z.optional(z.boolean());
const botMay = z.object({
  viewChannel: flag,
  sendMessages: flag,
  embedLinks: flag,
  attachFiles: flag,
  mentionEveryone: flag,
  manageMessages: flag,
  pinMessages: flag,
});

const guild = z.object({ id: snowflake, name: text, ownerId: text, locale: text });
const user = z.object({
  id: snowflake,
  username: text,
  globalName: text,
  bot: flag,
  dmsClosed: flag,
  sharesGuild: flag,
  roles: z.optional(z.array(snowflake)),
  permissions: text,
});
const channel = z.object({
  id: snowflake,
  guildId: snowflake,
  name: text,
  type: z.optional(z.int()),
  botMay: z.optional(botMay),
  overwrites: z.optional(
    z.array(z.object({ id: snowflake, type: z.int(), allow: text, deny: text })),
  ),
});
const role = z.object({ id: snowflake, guildId: snowflake, name: text, mentionable: flag });

const signIn = z.object({ url: z.string(), user: z.optional(snowflake) });

const actor = {
  endpoint: text,
  user: snowflake,
  channelId: snowflake,
  locale: text,
};
const use = { ...actor, name: z.string(), options: z.optional(z.record(z.string(), z.any())) };
const action = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command"), ...use }),
  z.object({ kind: z.literal("autocomplete"), ...use, focused: z.string() }),
  z.object({
    kind: z.literal("component"),
    ...actor,
    message: snowflake,
    customId: z.string(),
    values: z.optional(z.array(z.string())),
  }),
  z.object({
    kind: z.literal("modalSubmit"),
    endpoint: text,
    of: snowflake,
    values: z.record(z.string(), z.any()),
  }),
  z.object({
    kind: z.literal("raw"),
    ...actor,
    type: z.int(),
    data: z.looseObject({}),
    message: z.optional(snowflake),
    headers: z.optional(z.record(z.string(), z.string())),
  }),
]);

/** The methods of the client that send a user's action. */
type Actions = Pick<
  DiscordClient,
  "command" | "autocomplete" | "component" | "modalSubmit" | "raw"
>;

/**
 * Lets an external program set up Discord, act as its users and see what they see. It takes JSON
 * with the same fields as the methods of `DiscordSimulator` and `DiscordClient`:
 * - `POST /guilds`, `/users`, `/channels`, `/roles` add an object, or replace the one with this id:
 *   204.
 * - `POST /interactions {"kind": "command" | "autocomplete" | "component" | "modalSubmit" | "raw",
 *   "endpoint", …}` signs and sends a user's action. It returns the interaction when the
 *   application has answered or the interaction has failed. Without `endpoint` it uses the URL that
 *   the application has saved.
 * - `POST /sign-ins {"url", "user"?}` opens the sign-in page at this URL and approves, or cancels if there is no
 *   user. Answers `{"location"}`, where the browser is redirected.
 * - `GET /interactions/ID` returns its current state with its messages.
 * - `GET /messages?channel=ID` or `?user=ID` (a DM channel) lists messages, oldest first.
 * - `GET /events?after=N` lists the events after the Nth.
 */
export function controlRouter(
  simulator: Omit<DiscordSimulator, "url" | "stop">,
  world: World,
): Router {
  const router = express.Router();
  router.use(express.json({ limit: "20mb" }));

  const seeds = [
    ["/guilds", guild, simulator.addGuild],
    ["/users", user, simulator.addUser],
    ["/channels", channel, simulator.addChannel],
    ["/roles", role, simulator.addRole],
  ] as const;
  for (const [path, schema, add] of seeds) {
    router.post(path, (request, response) => {
      (add as (seed: unknown) => void)(readForm(schema, request.body));
      response.status(204).end();
    });
  }

  router.post("/interactions", async (request, response) => {
    const {
      kind,
      endpoint = world.interactionsEndpointUrl,
      ...rest
    } = readForm(action, request.body);
    if (!endpoint) throw new ImpossibleError("The request names no endpoint and none is saved");
    const actions: Actions = simulator.client;
    const act = actions[kind].bind(actions) as (
      endpoint: string,
      action: unknown,
    ) => Promise<object>;
    response.json(await act(endpoint, rest));
  });
  router.post("/sign-ins", (request, response) => {
    const { url, user: userId } = readForm(signIn, request.body);
    response.json({ location: simulator.signIn(url, userId) });
  });
  router.get("/interactions/:interaction", (request, response) => {
    const interaction = simulator.interaction(request.params.interaction);
    if (!interaction) throw refusals.unknownInteraction();
    response.json(interaction);
  });

  router.get("/messages", (request, response) => {
    const { channel: channelId, user: userId } = request.query;
    if (typeof userId === "string") response.json(simulator.dms(userId));
    else response.json(simulator.messages(String(channelId)));
  });
  router.get("/events", (request, response) => {
    const after = Number(request.query["after"] ?? 0);
    response.json(world.log.after(after));
  });

  router.use(() => {
    throw refusals.notFound();
  });
  router.use(toRefusal);
  return router;
}

const toRefusal: ErrorRequestHandler = (error, _request, response, _next) => {
  if (error instanceof DiscordError) {
    response.status(error.status).json(error.body());
    return;
  }
  const isOurs = error instanceof ImpossibleError;
  response.status(isOurs ? 400 : (error.status ?? 500)).json({ error: String(error.message) });
};
