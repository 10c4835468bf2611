import * as z from "zod/mini";
import type { ChosenFile } from "../../../../local/discord/client/command-data.ts";
import type { DiscordSimulator } from "../../../../local/discord/index.ts";
import type { SeenInteraction } from "../../../../local/discord/inspection.ts";
import type { StudioHost } from "../../host.ts";
import { defineCall } from "../../panel.ts";
import { discordOf, id, openChannel, seat } from "./simulator.ts";

/** A file that the page sends along. */
const file = z.object({
  filename: z.string().check(z.minLength(1), z.maxLength(260)),
  contentType: z.string(),
  base64: z.string(),
});
type SentFile = z.infer<typeof file>;
const value = z.union([z.string(), z.number(), z.boolean(), file]);
const field = z.union([z.string(), z.boolean(), z.array(z.string()), z.array(file)]);

const use = { ...seat, name: z.string(), options: z.record(z.string(), value) };

/** What someone sees of their action's outcome, apart from messages. */
function outcomeOf({ id: interactionId, state, failure, response }: SeenInteraction) {
  return {
    id: interactionId,
    state,
    failure,
    /** The form that opened, if any. */
    form: response?.type === 9 ? response.data : undefined,
    /** What was suggested, for a value that is being typed. */
    choices: response?.type === 8 ? response.data.choices : undefined,
  };
}

/** Calls by which people act. Each sends an interaction and answers when the application has. */
export function actionCalls(host: StudioHost) {
  return {
    /** Runs a command. */
    run: defineCall(z.object(use), async ({ options, name, ...seated }) => {
      const discord = discordOf(host);
      const sent = await discord.client.command(endpointOf(discord), {
        ...actorOf(discord, seated),
        name,
        options: uploadAll(discord, options),
      });
      return outcomeOf(sent);
    }),

    /** Asks for suggestions for the option that is being typed. */
    suggest: defineCall(
      z.object({ ...use, focused: z.string() }),
      async ({ options, name, focused, ...seated }) => {
        const discord = discordOf(host);
        const sent = await discord.client.autocomplete(endpointOf(discord), {
          ...actorOf(discord, seated),
          name,
          options: uploadAll(discord, options),
          focused,
        });
        return outcomeOf(sent);
      },
    ),

    /** Presses a button, or chooses from a list. */
    press: defineCall(
      z.object({
        ...seat,
        messageId: id,
        customId: z.string(),
        values: z.optional(z.array(z.string())),
      }),
      async ({ messageId, customId, values, ...seated }) => {
        const discord = discordOf(host);
        const sent = await discord.client.component(endpointOf(discord), {
          ...actorOf(discord, seated),
          message: messageId,
          customId,
          ...(values && { values }),
        });
        return outcomeOf(sent);
      },
    ),

    /** Submits the form that an interaction opened. */
    submit: defineCall(
      z.object({ of: id, values: z.record(z.string(), field) }),
      async ({ of, values }) => {
        const discord = discordOf(host);
        const filled = Object.entries(values).map(([name, each]) => {
          if (!Array.isArray(each)) return [name, each] as const;
          const items: readonly (string | SentFile)[] = each;
          const texts = items.filter((item) => typeof item === "string");
          const files = items.filter((item) => typeof item !== "string");
          return [
            name,
            files.length > 0 ? files.map((one) => upload(discord, one)) : texts,
          ] as const;
        });
        const sent = await discord.client.modalSubmit(endpointOf(discord), {
          of,
          values: Object.fromEntries(filled),
        });
        return outcomeOf(sent);
      },
    ),
  };
}

function endpointOf(discord: DiscordSimulator): string {
  const endpoint = discord.endpoint();
  if (endpoint !== undefined) return endpoint;
  throw new Error("The application has not saved its URL for interactions.");
}

function actorOf(discord: DiscordSimulator, seated: { userId: string; channelId: string }) {
  return { user: seated.userId, channelId: openChannel(discord, seated) };
}

function uploadAll(
  discord: DiscordSimulator,
  options: Readonly<Record<string, z.infer<typeof value>>>,
): Record<string, string | number | boolean | ChosenFile> {
  return Object.fromEntries(
    Object.entries(options).map(([name, each]) => [
      name,
      typeof each === "object" ? upload(discord, each) : each,
    ]),
  );
}

function upload(discord: DiscordSimulator, { filename, contentType, base64 }: SentFile) {
  const bytes = Buffer.from(base64, "base64");
  return discord.windows.upload({ filename, contentType, bytes }, discord.url);
}
