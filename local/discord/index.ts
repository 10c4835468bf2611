import express from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import type { InProcessFetch } from "../kit/http/in-process.ts";
import { type Place, serveAt } from "../kit/http/listen.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { DiscordClient } from "./client/client.ts";
import { generateKeys, type Keys, keysFrom } from "./client/keys.ts";
import { openWindows, type Windows } from "./client/windows.ts";
import { controlRouter } from "./control.ts";
import { refusals } from "./discord-error.ts";
import {
  type SeenInteraction,
  type SeenMessage,
  seeInteraction,
  seeMessage,
} from "./inspection.ts";
import { oauthRouter } from "./oauth/routes.ts";
import { discordSignInRouter } from "./oauth/sign-in-page.ts";
import { applicationsRouter } from "./rest/applications.ts";
import { channelsRouter } from "./rest/channels.ts";
import { gate, refuse } from "./rest/gate.ts";
import { peopleRouter } from "./rest/people.ts";
import { serverEventsRouter } from "./rest/server-events.ts";
import { serversRouter } from "./rest/servers.ts";
import { webhooksRouter } from "./rest/webhooks.ts";
import type { NewChannel, NewGuild, NewRole, NewUser } from "./state/directory.ts";
import type { DiscordEvent } from "./state/event-log.ts";
import type { ServerEvent } from "./state/server-events.ts";
import { createWorld, persistWorld } from "./state/world.ts";

/** Options of `startDiscord`. */
export interface DiscordOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
  readonly applicationId: string;
  readonly botToken: string;
  /** The application's secret for sign-ins; without one none can be finished. */
  readonly clientSecret?: string;
  /** The application's registered redirect URLs for sign-ins; none by default. */
  readonly redirectUris?: readonly string[];
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** Whether rate limits apply; true by default. */
  readonly rateLimits?: boolean;
}

/** The running Discord simulator. */
export interface DiscordSimulator {
  /**
   * Base URL. The API is below `/api/v10`, the page for signing in at `/oauth2/authorize`, external control of the
   * simulator below `/control`.
   */
  readonly url: string;
  /** The Ed25519 public key, 32 bytes in hex. */
  readonly publicKey: string;
  /** The matching private key, PKCS #8 in PEM. */
  readonly privateKey: string;
  /** Discord's users, and Discord's calls to the application. */
  readonly client: DiscordClient;
  /** What Discord's users see. */
  readonly windows: Windows;
  /** The URL for interactions, once the application has saved one. */
  endpoint(): string | undefined;
  /** Checks an endpoint as Discord does before it saves its URL. Rejects with EndpointError. */
  verifyEndpoint(url: string): Promise<void>;
  /** Checks an endpoint and saves it, as the developer portal does. */
  saveEndpoint(url: string): Promise<void>;
  /**
   * Acts as a browser on the sign-in page: the user signs in and approves, or cancels if no user is given. Returns
   * the URL of the redirect.
   */
  signIn(pageUrl: string, userId?: string): string;
  /** The number of users' tokens that the application has neither revoked nor let expire. */
  validTokens(): number;
  stop(): Promise<void>;
  /** Whether no interaction is waiting for its answer. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
  addGuild(guild: NewGuild): void;
  addUser(user: NewUser): void;
  addChannel(channel: NewChannel): void;
  addRole(role: NewRole): void;
  /** Deletes a channel, as staff would. */
  deleteChannel(channelId: string): void;
  /** Removes the bot from a server, which is forgotten with its channels and roles. */
  removeGuild(guildId: string): void;
  /** The names of a server's channels and roles, such as "#orders" and "@drops". */
  namesIn(guildId: string): string[];
  /** Changes the application's registered redirect URLs, as the developer portal does. */
  setRedirects(redirectUris: readonly string[]): void;
  /** Deletes a message that is visible to its whole channel, as staff would. */
  deleteMessage(channelId: string, messageId: string): void;
  /** The messages of a channel that everyone in it sees, oldest first. */
  messages(channelId: string): SeenMessage[];
  /** The pinned messages of a channel, the last pinned one first. */
  pins(channelId: string): SeenMessage[];
  /** A server's scheduled events that are not over, the next to begin first. */
  serverEvents(guildId: string): ServerEvent[];
  /** Deletes a server's scheduled event, as staff would. */
  deleteServerEvent(guildId: string, eventId: string): void;
  /** The messages in the DM channel of the bot and a user, oldest first. */
  dms(userId: string): SeenMessage[];
  /** An interaction's current state. */
  interaction(id: string): SeenInteraction | undefined;
  /** A user's name in Discord; undefined for an unknown user. */
  userName(userId: string): string | undefined;
  /** Every event, in order. */
  events(): readonly DiscordEvent[];
}

/** Starts the Discord simulator; at first it contains only the bot. */
export async function startDiscord(options: DiscordOptions): Promise<DiscordSimulator> {
  const { clock, faults, applicationId, botToken } = options;
  const { clientSecret: secret = "", redirectUris = [] } = options;
  const application = { id: applicationId, secret, redirectUris };
  const world = createWorld(clock, application, options.rateLimits ?? true);
  if (options.state) persistWorld(world, options.state);
  const keys = persistentKeys(options.state);
  const client = new DiscordClient(world, faults, keys, options.fetch);
  const { directory, messages, interactions, authorisations, log } = world;

  const api = express.Router();
  api.use(gate(world, faults, botToken), oauthRouter(world));
  api.use(applicationsRouter(world, keys.publicKey, (url) => client.verifyEndpoint(url)));
  api.use(channelsRouter(world), peopleRouter(world), serversRouter(world));
  api.use(serverEventsRouter(world), webhooksRouter(world));
  api.use(() => {
    throw refusals.notFound();
  });
  const simulator: Omit<DiscordSimulator, "url" | "stop"> = {
    publicKey: keys.publicKey,
    privateKey: keys.privateKey,
    client,
    windows: openWindows(world),
    endpoint: () => world.interactionsEndpointUrl,
    verifyEndpoint: (url) => client.verifyEndpoint(url),
    saveEndpoint: async (url) => {
      await client.verifyEndpoint(url);
      world.interactionsEndpointUrl = url;
    },
    signIn: (pageUrl, userId) => {
      const asked = authorisations.read(new URL(pageUrl).searchParams);
      if (userId === undefined) return authorisations.deny(asked);
      return authorisations.allow(asked, directory.user(userId).id);
    },
    validTokens: () => authorisations.validTokens,
    idle: () => client.activity.idle,
    whenIdle: () => client.activity.whenIdle(),
    addGuild: (guild) => void directory.addGuild(guild),
    addUser: (user) => void directory.addUser(user),
    addChannel: (channel) => void directory.addChannel(channel),
    addRole: (role) => void directory.addRole(role),
    deleteChannel: (channelId) => directory.deleteChannel(channelId),
    removeGuild: (guildId) => directory.removeGuild(guildId),
    namesIn: (guildId) => [
      ...directory.channelsOf(guildId).map(({ name }) => `#${name}`),
      ...directory.rolesOf(guildId).map(({ name }) => `@${name}`),
    ],
    setRedirects: (uris) => {
      authorisations.client = { ...authorisations.client, redirectUris: uris };
    },
    deleteMessage: (channelId, messageId) =>
      messages.delete(messages.visible(channelId, messageId)),
    messages: (channelId) => messages.in(channelId).map((message) => seeMessage(message, world)),
    pins: (channelId) => messages.pinned(channelId).map((message) => seeMessage(message, world)),
    serverEvents: (guildId) => world.serverEvents.open(guildId),
    deleteServerEvent: (guildId, eventId) =>
      world.serverEvents.delete(world.serverEvents.find(guildId, eventId)),
    dms: (userId) => {
      const channel = directory.dmWith(userId);
      const all = channel ? messages.in(channel.id) : [];
      return all.map((message) => seeMessage(message, world));
    },
    interaction: (id) => {
      const interaction = interactions.get(id);
      return interaction && seeInteraction(interaction, world);
    },
    userName: (userId) =>
      directory.knowsUser(userId) ? directory.user(userId).username : undefined,
    events: () => log.all(),
  };
  const app = express().disable("x-powered-by").disable("etag");
  app.use("/api/v10", api, refuse(world));
  // Discord's metadata name the OAuth2 endpoints without a version.
  app.use("/api", api, refuse(world));
  app.use("/oauth2", discordSignInRouter(world));
  app.use("/control", controlRouter(simulator, world));
  app.get("/attachments/:attachment/:filename", (request, response) => {
    const file = world.attachments.file(request.params.attachment);
    if (!file) throw refusals.notFound();
    // https://github.com/discord/discord-api-docs/pull/5174
    if (request.query["format"] !== undefined && !file.contentType?.startsWith("image/")) {
      response.status(415).end();
      return;
    }
    response.type(file.contentType || "application/octet-stream").send(file.bytes);
  });
  app.use(refuse(world));
  const service = await serveAt(options, app);
  return { ...simulator, url: service.url, stop: () => service.stop() };
}

/** The key pair of the earlier run, or a new one. */
function persistentKeys(state: PersistentState | undefined): Keys {
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
