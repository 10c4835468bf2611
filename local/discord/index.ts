import express from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type Place, serveAt } from "../kit/http.ts";
import type { InProcessFetch } from "../kit/in-process.ts";
import type { KeptState } from "../kit/kept-state.ts";
import { DiscordClient } from "./client/client.ts";
import { generateKeys, type Keys, keysFrom } from "./client/keys.ts";
import { controlRouter } from "./control.ts";
import { refusals } from "./discord-error.ts";
import {
  type SeenInteraction,
  type SeenMessage,
  seeInteraction,
  seeMessage,
} from "./inspection.ts";
import { applicationsRouter } from "./rest/applications.ts";
import { channelsRouter } from "./rest/channels.ts";
import { gate, refuse } from "./rest/gate.ts";
import { peopleRouter } from "./rest/people.ts";
import { webhooksRouter } from "./rest/webhooks.ts";
import type { NewChannel, NewGuild, NewRole, NewUser } from "./state/directory.ts";
import type { DiscordEvent } from "./state/event-log.ts";
import { createWorld, keepWorld } from "./state/world.ts";

/** What started Discord is given. */
export interface DiscordOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The state that an earlier run left and a later one continues. */
  readonly state?: KeptState | undefined;
  readonly applicationId: string;
  readonly botToken: string;
  /** How it calls endpoints of ours; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** Whether calls are counted and too many refused; they are unless told. */
  readonly rateLimits?: boolean;
}

/** Running Discord of the local cloud. */
export interface DiscordSimulator {
  /** The API is below `/api/v10`; what programs outside may do to Discord itself, below `/control`. */
  readonly url: string;
  /** Ed25519, 32 bytes in hex. */
  readonly publicKey: string;
  /** Its other half, PKCS #8 in PEM. */
  readonly privateKey: string;
  /** Discord's users, and Discord as it calls an application. */
  readonly client: DiscordClient;
  /** Checks an endpoint as Discord does before it saves its address; rejects with EndpointError. */
  verifyEndpoint(url: string): Promise<void>;
  /** Does the same and saves it, as on the application's page. */
  saveEndpoint(url: string): Promise<void>;
  stop(): Promise<void>;
  /** No interaction waits for its answer. */
  idle(): boolean;
  /** Resolves when `idle()` holds; at once when it does. */
  whenIdle(): Promise<void>;
  addGuild(guild: NewGuild): void;
  addUser(user: NewUser): void;
  addChannel(channel: NewChannel): void;
  addRole(role: NewRole): void;
  /** Staff delete a channel. */
  deleteChannel(channelId: string): void;
  /** Staff delete a message that everyone in its channel sees. */
  deleteMessage(channelId: string, messageId: string): void;
  /** What a channel shows to everyone in it, oldest first. */
  messages(channelId: string): SeenMessage[];
  /** What the bot and a user have said in their DM channel, oldest first. */
  dms(userId: string): SeenMessage[];
  /** What has become of an interaction by now. */
  interaction(id: string): SeenInteraction | undefined;
  /** Everything that happened, in order. */
  events(): readonly DiscordEvent[];
}

/** Starts Discord, with nothing in it but the bot. */
export async function startDiscord(options: DiscordOptions): Promise<DiscordSimulator> {
  const { clock, faults, applicationId, botToken } = options;
  const world = createWorld(clock, applicationId, options.rateLimits ?? true);
  if (options.state) keepWorld(world, options.state);
  const keys = keptKeys(options.state);
  const client = new DiscordClient(world, faults, keys, options.fetch);
  const { directory, messages, interactions, log } = world;

  const api = express.Router();
  api.use(gate(world, faults, botToken));
  api.use(applicationsRouter(world, keys.publicKey, (url) => client.verifyEndpoint(url)));
  api.use(channelsRouter(world), peopleRouter(world), webhooksRouter(world));
  api.use(() => {
    throw refusals.notFound();
  });
  const simulator: Omit<DiscordSimulator, "url" | "stop"> = {
    publicKey: keys.publicKey,
    privateKey: keys.privateKey,
    client,
    verifyEndpoint: (url) => client.verifyEndpoint(url),
    saveEndpoint: async (url) => {
      await client.verifyEndpoint(url);
      world.interactionsEndpointUrl = url;
    },
    idle: () => client.activity.idle,
    whenIdle: () => client.activity.whenIdle(),
    addGuild: (guild) => void directory.addGuild(guild),
    addUser: (user) => void directory.addUser(user),
    addChannel: (channel) => void directory.addChannel(channel),
    addRole: (role) => void directory.addRole(role),
    deleteChannel: (channelId) => directory.deleteChannel(channelId),
    deleteMessage: (channelId, messageId) =>
      messages.delete(messages.visible(channelId, messageId)),
    messages: (channelId) => messages.in(channelId).map((message) => seeMessage(message, world)),
    dms: (userId) => {
      const channel = directory.dmWith(userId);
      const all = channel ? messages.in(channel.id) : [];
      return all.map((message) => seeMessage(message, world));
    },
    interaction: (id) => {
      const interaction = interactions.get(id);
      return interaction && seeInteraction(interaction, world);
    },
    events: () => log.all(),
  };
  const app = express().disable("x-powered-by").disable("etag");
  app.use("/api/v10", api, refuse(world));
  app.use("/control", controlRouter(simulator, world));
  app.get("/attachments/:attachment/:filename", (request, response) => {
    const file = world.attachments.file(request.params.attachment);
    if (!file) throw refusals.notFound();
    response.type(file.contentType || "application/octet-stream").send(file.bytes);
  });
  app.use(refuse(world));
  const service = await serveAt(options, app);
  return { ...simulator, url: service.url, stop: () => service.stop() };
}

/** A new pair, or that of the earlier run. */
function keptKeys(state: KeptState | undefined): Keys {
  let keys = generateKeys();
  state?.part(
    "discord.keys",
    () => keys.privateKey,
    (privateKey) => {
      keys = keysFrom(privateKey);
    },
  );
  return keys;
}
