import type { IncomingHttpHeaders } from "node:http";
import { DiscordAPIError, REST } from "@discordjs/rest";
import { type DiscordSimulator, startDiscord } from "../../../local/discord/index.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { listen } from "../../../local/kit/http/listen.ts";

export const APPLICATION = "500000000000000001";
export const TOKEN = "bot-token";
export const CLIENT_SECRET = "client-secret";
export const REDIRECT = "https://c500.example/discord/callback";
export const GUILD = "500000000000000002";
export const CHANNEL = "500000000000000010";
export const ROLE = "500000000000000020";
/** Accepts DMs and is in the server. */
export const ANN = "100000000000000001";
export const BEN = "100000000000000002";

/** A response of the endpoint under test. */
export interface EndpointAnswer {
  readonly status?: number;
  readonly contentType?: string;
  /** Sent as JSON, or as it is when it is a text. */
  readonly body?: unknown;
}

/** What the tests read of an interaction one by one; the rest they compare whole. */
export interface ReceivedInteraction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly guild_id?: string;
  readonly user?: object;
  readonly member?: object;
  readonly data: {
    readonly custom_id?: string;
    readonly options?: readonly { readonly options?: readonly object[] }[];
    readonly components?: readonly object[];
    readonly resolved?: Partial<Record<"users" | "attachments", Record<string, object>>>;
  };
}

/** An interaction as it came in, with its bytes. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly body: ReceivedInteraction;
}

/** An application's interactions endpoint that answers whatever a test wants. */
export interface Endpoint {
  readonly url: string;
  readonly received: Received[];
  answer: (received: Received) => EndpointAnswer | Promise<EndpointAnswer>;
}

/** Discord with a server, two users, the real REST client and an endpoint. */
export interface World {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly discord: DiscordSimulator;
  readonly rest: REST;
  readonly endpoint: Endpoint;
  /** A call by plain HTTP, below `/api/v10`. */
  call(method: string, path: string, body?: unknown, headers?: object): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a world; calls are counted only when a test is about that. */
export async function startWorld({ rateLimits = false } = {}): Promise<World> {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const discord = await startDiscord({
    clock,
    faults,
    applicationId: APPLICATION,
    botToken: TOKEN,
    clientSecret: CLIENT_SECRET,
    redirectUris: [REDIRECT],
    rateLimits,
  });
  discord.addGuild({ id: GUILD, name: "C500", locale: "de" });
  discord.addChannel({ id: CHANNEL, guildId: GUILD, name: "general" });
  discord.addRole({ id: ROLE, guildId: GUILD, name: "drops" });
  discord.addUser({ id: ANN, username: "ann", roles: [ROLE] });
  discord.addUser({ id: BEN, username: "ben" });
  // The client holds itself to 50 calls a second, which would only slow the tests.
  const pace = { globalRequestsPerSecond: 10_000 };
  const rest = new REST({ version: "10", api: `${discord.url}/api`, ...pace }).setToken(TOKEN);

  const endpoint: Pick<Endpoint, "answer"> & { received: Received[] } = {
    received: [],
    answer: () => ({ body: { type: 5 } }),
  };
  const service = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const received = { headers: request.headers, raw, body: JSON.parse(raw.toString()) };
    endpoint.received.push(received);
    const {
      status = 200,
      contentType = "application/json",
      body,
    } = await endpoint.answer(received);
    response.writeHead(status, { "content-type": contentType });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });

  return {
    clock,
    faults,
    discord,
    rest,
    endpoint: Object.assign(endpoint, { url: service.url }),
    call: (method, path, body, headers) =>
      fetch(`${discord.url}/api/v10${path}`, {
        method,
        headers: {
          authorization: `Bot ${TOKEN}`,
          "content-type": "application/json",
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    stop: async () => {
      await service.stop();
      await discord.stop();
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      clock.stop();
    },
  };
}

/** The error with which a call by the REST client was refused. */
export interface Refusal {
  readonly status: number;
  readonly code: number | string;
  /** "embeds.0.title BASE_TYPE_MAX_LENGTH", one for each wrong field. */
  readonly fields: readonly string[];
}

/** The refusal of a call; a call that succeeds fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    const { status, code, rawError } = error;
    return { status, code, fields: "errors" in rawError ? flatten(rawError.errors) : [] };
  }
  throw new Error("The call was not refused.");
}

function flatten(errors: unknown, path: readonly string[] = []): string[] {
  return Object.entries(errors as Record<string, unknown>).flatMap(([key, value]) =>
    key === "_errors"
      ? (value as { code: string }[]).map(({ code }) => `${path.join(".")} ${code}`)
      : flatten(value, [...path, key]),
  );
}
