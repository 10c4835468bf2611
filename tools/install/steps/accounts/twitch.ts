import * as z from "zod/mini";
import { checkTwitch } from "../../../doctor/checks/twitch.ts";
import { configOf } from "../../../settings/values.ts";
import { installQuestions } from "../../questions/questions.ts";
import { BlockedError, blocked, done, RUN_AGAIN, type Step, standingOf } from "../../step.ts";
import { credentialsStep } from "./credentials.ts";

const CONSOLE = "https://dev.twitch.tv/console/apps";
const CALLBACK_PATH = "/twitch/callback";
const REFUSED = 400;
const REQUEST_TIMEOUT_MS = 15_000;
const refusal = z.object({ message: z.string() });

/** The application's credentials. */
export const twitchApplication: Step = credentialsStep({
  question: installQuestions.twitch,
  alsoEnter: (siteUrl) => `As OAuth Redirect URL enter ${siteUrl}${CALLBACK_PATH}`,
  verify: ({ values }) => standingOf("accepted", "missing", (area) => checkTwitch(values, area)),
});

/**
 * Whether builders come back to the site after signing in. Twitch shows no application's addresses, but its sign-in
 * page refuses one that is not among them. Only its console can add one.
 */
export const twitchRedirect: Step = {
  name: "Twitch sign-in",
  async check({ values, addresses }) {
    const config = configOf(values, ["TWITCH_CLIENT_ID", "TWITCH_AUTH_BASE_URL"]);
    if (!config) throw new BlockedError("no Twitch application is known", RUN_AGAIN);
    const callback = `${addresses.siteUrl}${CALLBACK_PATH}`;
    const query = new URLSearchParams({
      response_type: "code",
      client_id: config.TWITCH_CLIENT_ID,
      redirect_uri: callback,
      scope: "",
      state: "install",
    });
    const answer = await fetch(`${config.TWITCH_AUTH_BASE_URL}/authorize?${query}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body: unknown = answer.status === REFUSED ? await answer.json() : undefined;
    if (answer.status !== REFUSED) await answer.body?.cancel();
    const message = refusal.safeParse(body).data?.message ?? "";
    if (!/redirect/i.test(message)) return done("the site's address is among the redirect URLs");
    return blocked(
      `${callback} is not among the application's OAuth redirect URLs`,
      `Open ${CONSOLE}, then Manage of your application, add it and press Save`,
    );
  },
};
