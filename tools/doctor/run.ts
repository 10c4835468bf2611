import type { Writable } from "node:stream";
import { describeError } from "../../shared/runtime/errors.ts";
import {
  addressesIn,
  checkAnswers,
  checkNames,
  type Environment,
  listOf,
  readGiven,
  type Values,
  valuesOf,
  withStoredSecrets,
} from "../settings/values.ts";
import { checkDiscord } from "./checks/discord/access.ts";
import { checkDiscordSignIn } from "./checks/discord/sign-in.ts";
import { withTaskSettings } from "./checks/google/project.ts";
import { checkVcpuQuota } from "./checks/google/quota.ts";
import { googleRemedy } from "./checks/google/rest.ts";
import { checkTask } from "./checks/google/send-task.ts";
import { type CommandContext, openSecrets, useEmulatorsOf } from "./checks/installation.ts";
import { checkRedis } from "./checks/redis.ts";
import { type AreaReport, Report } from "./checks/report.ts";
import { checkConnect, checkStripe } from "./checks/stripe/account.ts";
import { checkBalance } from "./checks/stripe/balance.ts";
import { checkReadKey } from "./checks/stripe/read-key.ts";
import { checkTwitch } from "./checks/twitch.ts";
import { checkCommands, checkInteractions } from "./discord.ts";
import { checkEndpoints } from "./endpoints.ts";
import { checkIndexes } from "./firestore.ts";
import { checkPrivateEndpoints } from "./private-endpoints.ts";
import { checkQueues } from "./queues.ts";
import { checkScripts } from "./redis.ts";
import { checkSecrets } from "./secrets.ts";
import { checkWebhooks } from "./stripe.ts";
import { checkSubscribers } from "./subscribers.ts";
import { checkSubscriptions } from "./twitch.ts";

/**
 * Checks everything a running installation depends on, and changes nothing: the one task that it sends
 * concerns an unknown drop. Reports the state of each thing, and how to fix what is wrong. Returns the exit
 * code.
 */
export async function runDoctor(
  context: CommandContext & { readonly output: Writable },
): Promise<number> {
  const say = (line: string) => void context.output.write(`${line}\n`);
  const report = new Report(say);
  await examine(context, report);
  say("");
  say(`${report.summary()}.`);
  return report.exitCode;
}

async function examine(
  { environment, folder, clock }: CommandContext,
  report: Report,
): Promise<void> {
  useEmulatorsOf(environment);
  checkNames(environment, folder, report.area("settings"));
  const given = valuesOf(readGiven(environment, folder));
  const google = report.area("Google Cloud");
  const store = await openSecrets(given, environment, google);
  const values = store ? await withStoredSecrets(given, store, google) : given;
  checkAnswers(values, report.area("settings"));
  if (store) await checkSecrets(store, google);

  const addresses = addressesIn(values);
  const projectId = values.GOOGLE_CLOUD_PROJECT;
  const discord = await checkDiscord(values, report.area("Discord"));
  if (discord) await checkCommands(discord, report.area("Discord"));
  if (discord) await checkDiscordSignIn(values, discord, report.area("Discord"));
  if (discord && addresses) checkInteractions(discord, addresses, report.area("Discord"));
  if (addresses) await checkEndpoints(addresses, projectId ?? "PROJECT", report.area("endpoints"));
  const stripe = await checkStripe(values, report.area("Stripe"));
  await checkReadKey(values, report.area("Stripe"));
  if (stripe) await checkConnect(stripe, report.area("Stripe"));
  if (stripe) await checkBalance(stripe, values, report.area("Stripe"));
  if (stripe && addresses && projectId) {
    const secrets = listOf(values.STRIPE_WEBHOOK_SECRETS);
    await checkWebhooks(stripe, { projectId, secrets, addresses }, report.area("Stripe"));
  }
  const twitch = await checkTwitch(values, report.area("Twitch"));
  const redis = report.area("Redis");
  if (await checkRedis(values, redis)) await checkScripts(values, redis);
  // Without access to Secret Manager, every other check there would report the same.
  if (!store || !addresses) return;
  if (twitch) await checkSubscriptions(twitch, values, addresses, report.area("Twitch"));
  await checkVcpuQuota(values, environment, folder, google);
  await checkQueues(values, environment, report.area("Cloud Tasks"));
  const complete = await taskSettings(values, environment, google);
  if (complete) {
    await checkPrivateEndpoints(complete, environment, report.area("endpoints"));
    await checkTask(complete, report.area("Cloud Tasks"), clock);
  }
  await checkSubscribers(values, addresses, report.area("Pub/Sub"));
  await checkIndexes(values, environment, report.area("Firestore"));
}

/** The settings with those for tasks; undefined, and reported, if the project's number is not known. */
async function taskSettings(
  values: Values,
  environment: Environment,
  area: AreaReport,
): Promise<Values | undefined> {
  try {
    return await withTaskSettings(values, environment);
  } catch (error) {
    area.wrong(
      `the project's number cannot be read: ${describeError(error)}`,
      googleRemedy(error, "cloudresourcemanager", values.GOOGLE_CLOUD_PROJECT ?? "PROJECT"),
    );
    return undefined;
  }
}
