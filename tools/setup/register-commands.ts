import { REST, type RESTOptions } from "@discordjs/rest";
import { commands, groups } from "../../functions/ingress/commands.ts";
import { registrationBody } from "../../shared/discord/definitions/registration.ts";

/** The application whose commands are set, and the server. */
interface Registration {
  readonly apiBaseUrl: string;
  readonly applicationId: string;
  readonly botToken: string;
  readonly guildId: string;
}

/** Replaces Node's own `fetch` for calls to Discord. */
interface Reached {
  readonly fetch?: typeof fetch;
}

/**
 * Sets a server's commands to the ones in our table; they appear at once. Idempotent.
 * https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-guild-application-commands
 */
export async function registerCommands(registration: Registration & Reached): Promise<void> {
  const { apiBaseUrl, applicationId, botToken, guildId } = registration;
  const makeRequest = registration.fetch as unknown as RESTOptions["makeRequest"] | undefined;
  const options = { version: "10", api: apiBaseUrl, ...(makeRequest && { makeRequest }) };
  const rest = new REST(options).setToken(botToken);
  await rest.put(`/applications/${applicationId}/guilds/${guildId}/commands`, {
    body: registrationBody(commands, groups),
  });
}
