import { DiscordAPIError } from "@discordjs/rest";
import { DISCORD_CALLBACK_PATH } from "../../../../shared/clients/discord-sign-in.ts";
import { whatWentWrong } from "../../../doctor/checks/discord/error.ts";
import { checkClientSecret, checkRedirect } from "../../../doctor/checks/discord/sign-in.ts";
import { configOf } from "../../../settings/values.ts";
import { type Application, connectBot } from "../../discord.ts";
import type { Installation } from "../../installation.ts";
import { installQuestions } from "../../questions/questions.ts";
import {
  BlockedError,
  missing,
  RUN_AGAIN,
  type Standing,
  type Step,
  standingOf,
} from "../../step.ts";
import { credentialsStep } from "./credentials.ts";

const UNAUTHORIZED = 401;

/** The bot's token, from which Discord says which application it is of, and the public key. */
export const discordBot: Step = credentialsStep({
  question: installQuestions.discord,
  alsoEnter: (siteUrl) => `There, under Redirects, add ${siteUrl}${DISCORD_CALLBACK_PATH}`,
  verify: async (installation) => {
    try {
      const application = await ownApplication(installation);
      installation.learn({
        DISCORD_APPLICATION_ID: application.id,
        DISCORD_PUBLIC_KEY: application.verify_key,
      });
      return await standingOf(application.name, "missing", (area) =>
        checkClientSecret(installation.values, signInOf(application, installation), area),
      );
    } catch (error) {
      if (!(error instanceof DiscordAPIError && error.status === UNAUTHORIZED)) throw error;
      return missing(`Discord does not accept the token: ${whatWentWrong(error)}`);
    }
  },
});

/** Only the developer portal can add a redirect. */
export const discordRedirect: Step = {
  name: "Discord sign-in",
  async check(installation): Promise<Standing> {
    const access = signInOf(await ownApplication(installation), installation);
    return await standingOf("the site's address is among the redirects", "blocked", async (area) =>
      checkRedirect(installation.values, access, area),
    );
  },
};

function signInOf(
  { id: applicationId, redirect_uris: redirectUris }: Application,
  installation: Installation,
) {
  const config = configOf(installation.values, ["DISCORD_API_BASE_URL"]);
  return { applicationId, redirectUris, apiBaseUrl: config?.DISCORD_API_BASE_URL ?? "" };
}

/** The application that the token is of. */
export async function ownApplication({ values }: Installation): Promise<Application> {
  const bot = connectBot(values);
  if (!bot) throw new BlockedError("no bot token is known", RUN_AGAIN);
  return await bot.application();
}
