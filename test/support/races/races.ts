import { saleMade, saleRefunded } from "../../../functions/races/events/sale.ts";
import type { OptionValues } from "../../../local/discord/client/command-data.ts";
import { discordCommandReceived } from "../../../shared/events/discord-command.ts";
import { registerCommands } from "../../../tools/setup/register-commands.ts";
import { community, seeder, type TestCloud } from "../cloud.ts";
import { type Answer, type shoppers, toAnswer } from "../shop/shop.ts";

/** The options with which a lobby is opened. */
export interface LobbyFields {
  readonly name?: string;
  readonly seats?: number;
  readonly goal?: string;
}

/** An open lobby, and who opened it. */
export interface OpenLobby {
  readonly id: string;
  readonly host: string;
  readonly channelId: string;
}

const STEP_MS = 60_000;

/** People who host races and race through Discord. */
export function racers(cloud: TestCloud, people: ReturnType<typeof shoppers>) {
  const { discord, clock } = cloud;
  const endpoint = cloud.url("discord-interactions");
  const { publisher } = cloud;
  const seed = seeder(cloud);
  let channels = 0;
  let sales = 0;

  const channel = (fields: { botMay?: Readonly<Record<string, boolean>> } = {}): string => {
    channels += 1;
    const id = `6000000000000${String(10_000 + channels)}`;
    discord.addChannel({ id, guildId: community.guildId, name: `track-${channels}`, ...fields });
    return id;
  };

  /** Someone who may host races. */
  const builder = async () => {
    const { id } = await seed.builder({ isLive: false });
    await cloud.firestore.doc(`hosts/${id}`).set({ standing: "approved" });
    return id;
  };

  /** Runs a command in a channel and returns the answer once everything has settled. */
  const command = async (
    user: string,
    channelId: string,
    name: string,
    options: OptionValues = {},
  ): Promise<Answer> => {
    const { id } = await discord.client.command(endpoint, { user, channelId, name, options });
    await cloud.settle();
    return toAnswer(discord, id);
  };

  /** The lobby's message, which is the first of its channel. */
  const board = (lobby: Pick<OpenLobby, "id" | "channelId">) => {
    const messages = discord.messages(lobby.channelId);
    const found = messages.find(({ embeds }) => embeds[0]?.url?.endsWith(`/race/${lobby.id}`));
    if (!found) throw new Error(`There is no message of lobby ${lobby.id}.`);
    return found;
  };

  /** Presses a button of a message as it was shown, even if it was edited since. */
  const press = async (
    user: string,
    channelId: string,
    message: string,
    customId: string,
  ): Promise<Answer> => {
    const data = { custom_id: customId, component_type: 2 };
    const use = { user, channelId, message, type: 3, data };
    const { id } = await discord.client.raw(endpoint, use);
    await cloud.settle();
    return toAnswer(discord, id);
  };

  const pressOn = (lobby: OpenLobby, user: string, name: string): Promise<Answer> =>
    press(user, lobby.channelId, board(lobby).id, `${name}:${lobby.id}`);

  const task = async (queue: string, body: object): Promise<number> => {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    return (await cloud.fetch(cloud.url(queue), request)).status;
  };

  return {
    people,
    channel,
    command,
    press,
    board,

    /** Makes Discord enforce the commands' options, as its clients do. */
    host: builder,
    registerCommands: (guildId: string = community.guildId) =>
      registerCommands({
        apiBaseUrl: cloud.settings.DISCORD_API_BASE_URL ?? "",
        applicationId: community.applicationId,
        botToken: cloud.settings.DISCORD_BOT_TOKEN ?? "",
        guildId,
        fetch: cloud.fetch,
      }),

    /** Opens a lobby, by default in a separate channel; its id is the command's. */
    async lobby(
      fields: LobbyFields = {},
      by?: string,
      channelId: string = channel(),
    ): Promise<OpenLobby> {
      const host = by ?? (await builder());
      const options = { name: "Night race", ...fields };
      const answer = await command(host, channelId, "race lobby", options);
      if (!answer.text.includes("is open in")) {
        throw new Error(`The lobby was refused: ${answer.text}`);
      }
      return { id: answer.interactionId, host, channelId };
    },

    /** Presses a button under the lobby's message. */
    join: (lobby: OpenLobby, user: string) => pressOn(lobby, user, "race-join"),
    /** All press Join; does not wait for the final answers. */
    async joinAtOnce(lobby: OpenLobby, users: readonly string[]): Promise<void> {
      const message = board(lobby).id;
      const customId = `race-join:${lobby.id}`;
      const use = { channelId: lobby.channelId, message, customId };
      await Promise.all(users.map((user) => discord.client.component(endpoint, { user, ...use })));
    },
    leave: (lobby: OpenLobby, user: string) => pressOn(lobby, user, "race-leave"),
    pressStart: (lobby: OpenLobby, user: string) => pressOn(lobby, user, "race-start"),
    pressFinish: (lobby: OpenLobby, user: string) => pressOn(lobby, user, "race-finish"),

    /** `/start` and `/finish`, by default typed by the host, naming no lobby. */
    start: ({ channelId, host }: OpenLobby, user: string = host) =>
      command(user, channelId, "start"),
    finish: ({ channelId, host }: OpenLobby, user: string = host) =>
      command(user, channelId, "finish"),

    /** A running race with this many new racers, in the order in which they joined. */
    async racing(count = 1, fields: LobbyFields = {}): Promise<OpenLobby & { racers: string[] }> {
      const lobby = await this.lobby(fields);
      const joined = Array.from({ length: count }, () => people.person());
      for (const racer of joined) await this.join(lobby, racer);
      const { text } = await this.start(lobby);
      if (!text.includes("is on")) throw new Error(`The race did not start: ${text}`);
      // The window opens within this millisecond, so full milliseconds start with the next one.
      await clock.advance(1);
      return { ...lobby, racers: joined };
    },

    /** Sells something now, or this many seconds ago; by default naming this lobby. */
    async sell(
      lobby: OpenLobby,
      base: number,
      { currency = "usd", secondsAgo = 0, isNamed = true } = {},
    ): Promise<void> {
      sales += 1;
      const soldAtMs = Math.floor(clock.nowMs() - secondsAgo * 1000);
      const sold = {
        id: `kofi:race-${sales}`,
        provider: "kofi",
        base,
        currency,
        soldAtMs,
      } as const;
      const named = isNamed ? { lobbyId: lobby.id } : {};
      await publisher.publish(saleMade, { ...sold, ...named, title: "A keycap" });
      await cloud.settle();
    },

    /** Refunds this much of the last sale. */
    async refund(amount: number, currency = "usd"): Promise<void> {
      const refundId = `re-${sales}`;
      const saleId = `kofi:race-${sales}`;
      const refund = { id: `${saleId}:${refundId}`, saleId, refundId, amount, currency };
      await publisher.publish(saleRefunded, refund);
      await cloud.settle();
    },

    /** Pub/Sub redelivers a command or press long after it was done. */
    async repeat(
      { interactionId }: Answer,
      command: string,
      options: Readonly<Record<string, string | boolean>> = {},
    ): Promise<Answer> {
      const seen = discord.interaction(interactionId);
      if (!seen) throw new Error(`There was no interaction ${interactionId}.`);
      const { id, token, userId, channelId } = seen;
      const event = { id, token, userId, channelId, command, options, isStaff: false };
      await publisher.publish(discordCommandReceived, { ...event, handler: "race-control" });
      await cloud.settle();
      return toAnswer(discord, id);
    },

    /** Runs the task that warns of a window's end. */
    warn: ({ id: lobbyId }: OpenLobby, closesAtMs: number) =>
      task("window-close", { id: `warn.${closesAtMs}`, lobbyId, closesAtMs, step: "warn" }),

    /** Runs the task that updates a lobby's message; returns its status. */
    showBoard: ({ id: lobbyId }: OpenLobby) => task("race-board", { id: "now", lobbyId }),

    /** Denies the bot permission to post in a channel from now on. */
    close: (channelId: string) =>
      discord.addChannel({
        id: channelId,
        guildId: community.guildId,
        name: "closed",
        botMay: { sendMessages: false, viewChannel: false },
      }),

    /** Runs the sweeper. */
    async sweep(): Promise<number> {
      const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
      await cloud.settle();
      return status;
    },

    /** A lobby as it is stored. */
    async stored(lobby: Pick<OpenLobby, "id">): Promise<Record<string, unknown>> {
      return (await cloud.firestore.doc(`lobbies/${lobby.id}`).get()).data() ?? {};
    },

    /** The whole text of the lobby's message. */
    shown: (lobby: Pick<OpenLobby, "id" | "channelId">): string =>
      JSON.stringify(board(lobby).embeds),

    /** The labels of the buttons under the lobby's message. */
    buttons: (lobby: Pick<OpenLobby, "id" | "channelId">): string[] =>
      (board(lobby).components as unknown as { components: { label: string }[] }[]).flatMap(
        ({ components }) => components.map(({ label }) => label),
      ),

    /** The other messages in the lobby's channel, oldest first. */
    announced(lobby: Pick<OpenLobby, "id" | "channelId">) {
      const { id } = board(lobby);
      return discord.messages(lobby.channelId).filter((message) => message.id !== id);
    },

    /** Lets the clock run, with everything that becomes due; the last two minutes in steps. */
    async pass(seconds: number): Promise<void> {
      const untilMs = clock.nowMs() + seconds * 1000;
      while (clock.nowMs() < untilMs) {
        const leftMs = untilMs - clock.nowMs();
        await cloud.pass(leftMs > 2 * STEP_MS ? leftMs - 2 * STEP_MS : Math.min(STEP_MS, leftMs));
      }
    },
  };
}
