import type Stripe from "stripe";
import { providerSecrets } from "../../functions/races/providers/settings.ts";
import type { Twitch } from "../../shared/clients/twitch/connect-twitch.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import type { Addresses } from "../doctor/checks/addresses.ts";
import { checkDiscord, type DiscordAccess } from "../doctor/checks/discord/access.ts";
import { checkDiscordSignIn } from "../doctor/checks/discord/sign-in.ts";
import { withTaskSettings } from "../doctor/checks/google/project.ts";
import { checkVcpuQuota } from "../doctor/checks/google/quota.ts";
import { googleRemedy } from "../doctor/checks/google/rest.ts";
import { checkTask } from "../doctor/checks/google/send-task.ts";
import {
  type CommandContext,
  isDeployed,
  openBuilders,
  openSecrets,
  useEmulatorsOf,
} from "../doctor/checks/installation.ts";
import { checkRedis } from "../doctor/checks/redis.ts";
import { Report } from "../doctor/checks/report.ts";
import { checkStripe } from "../doctor/checks/stripe/account.ts";
import { checkBalance } from "../doctor/checks/stripe/balance.ts";
import { checkReadKey } from "../doctor/checks/stripe/read-key.ts";
import { checkTwitch } from "../doctor/checks/twitch.ts";
import {
  addressesIn,
  checkAnswers,
  checkNames,
  isWellFormed,
  listOf,
  malformedIn,
  readGiven,
  VARIABLES_FILE,
  type Values,
  valuesOf,
  withStoredSecrets,
} from "../settings/values.ts";
import type { Renewal } from "./arguments.ts";
import { ask, InterruptedError, type Terminal } from "./ask.ts";
import { reportManualSteps } from "./by-hand.ts";
import { setUpCommands, setUpEndpoint } from "./discord.ts";
import { setUpSubscriptions } from "./event-sub.ts";
import { ownSecret, SecretKeeper } from "./keep-secrets.ts";
import { setUpRedis } from "./redis.ts";
import { setUpEndpoints } from "./stripe.ts";
import { tryConnect } from "./try-connect.ts";
import { tryRedis } from "./try-redis.ts";
import { secretsToKeep, writeVariables } from "./variables-file.ts";

/** The exit code of an interrupted command. */
const INTERRUPTED = 130;

/** The context of a setup, and what it creates again even if nothing is wrong with it. */
type SetupContext = CommandContext & Terminal & { readonly renew?: Renewal | undefined };

/** What the steps work with. */
interface Setup {
  readonly report: Report;
  readonly values: Values;
  readonly projectId: string;
  readonly addresses: Addresses;
  readonly keeper: SecretKeeper;
  /** Whether the functions answer. */
  readonly isThere: boolean;
  readonly renew: Renewal | undefined;
}

/**
 * Asks for the settings that are not known, checks every credential at its service, and sets up at Discord,
 * Stripe and Twitch what is missing or wrong. Idempotent, also after a crash at any point: each step looks
 * before it changes anything. Returns the exit code.
 */
export async function runSetup(context: SetupContext): Promise<number> {
  const say = (line: string) => void context.output.write(`${line}\n`);
  const report = new Report(say);
  try {
    await setUp(context, report);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    say("\nStopped. Run it again at any time: it continues where it stopped.");
    return INTERRUPTED;
  }
  say("");
  say(`${report.summary()}.`);
  return report.exitCode;
}

async function setUp(context: SetupContext, report: Report): Promise<void> {
  const { environment, folder, renew } = context;
  useEmulatorsOf(environment);
  // A mistyped setting would be ignored, and its default used, without a warning.
  if (!checkNames(environment, folder, report.area("settings"))) return;
  const given = valuesOf(readGiven(environment, folder));
  const placed = valuesOf(await ask(given, context, ["GOOGLE_CLOUD_PROJECT"]));
  const google = report.area("Google Cloud");
  const store = await openSecrets(placed, environment, google);
  const known = store ? await withStoredSecrets(placed, store, google) : placed;
  const answered = await ask(known, context);
  const redis = report.area("Redis");
  const values = store ? await setUpRedis(answered, redis, renew === "redis") : answered;
  checkAnswers(values, report.area("settings"));
  const hasRedis = await checkRedis(values, redis);
  const discord = await checkDiscord(values, report.area("Discord"));
  const stripe = await checkStripe(values, report.area("Stripe"));
  const mayRead = await checkReadKey(values, report.area("Stripe"));
  if (hasRedis) await tryRedis(values, redis);
  const isSettled = !stripe || (await checkBalance(stripe, values, report.area("Stripe")));
  if (stripe) await tryConnect(stripe, report.area("Stripe"));
  const twitch = await checkTwitch(values, report.area("Twitch"));

  const { GOOGLE_CLOUD_PROJECT: projectId } = values;
  const addresses = addressesIn(values);
  if (!store || !projectId || !addresses) return;
  const keeper = new SecretKeeper(store, projectId, google);
  const isThere = await isDeployed(addresses.direct("interactions"));
  const setup = { report, values, projectId, addresses, keeper, isThere, renew };
  if (hasRedis) {
    await keeper.keep("UPSTASH_REDIS_REST_TOKEN", values.UPSTASH_REDIS_REST_TOKEN ?? "");
  }
  await keepOptional(setup);
  await keepOwnKey("FORGOTTEN_KEY", setup);
  await keepOwnKey("SESSION_KEY", setup);
  if (discord) await setUpDiscord(discord, setup);
  if (mayRead) await keeper.keep("STRIPE_READ_KEY", values.STRIPE_READ_KEY ?? "");
  if (stripe) await setUpStripe(stripe, setup);
  if (twitch) await setUpTwitch(twitch, setup);
  await checkVcpuQuota(values, environment, folder, google);
  if (isThere) await tryTask(setup, context);
  if (isSettled) await showTerraform(folder, setup);
  else refuseCurrency(report);
  reportManualSteps(report, values, addresses);
}

/** Only the shops themselves could check these secrets. */
async function keepOptional({ values, keeper }: Setup): Promise<void> {
  for (const name of providerSecrets) {
    const value = values[name];
    if (value && isWellFormed(name, value)) await keeper.keep(name, value);
  }
}

/**
 * Created once and never replaced. With another `FORGOTTEN_KEY` the debts that are stored under it could not be
 * found; with another `SESSION_KEY` everyone would be signed out.
 */
async function keepOwnKey(
  name: "FORGOTTEN_KEY" | "SESSION_KEY",
  { values, keeper }: Setup,
): Promise<void> {
  const current = await keeper.current(name);
  if (current) await keeper.keep(name, ownSecret(name, values[name], current.value));
}

async function setUpDiscord(discord: DiscordAccess, setup: Setup): Promise<void> {
  const { keeper, values, addresses, isThere, report } = setup;
  const area = report.area("Discord");
  await keeper.keep("DISCORD_BOT_TOKEN", discord.botToken);
  if (await checkDiscordSignIn(values, discord, area)) {
    await keeper.keep("DISCORD_CLIENT_SECRET", values.DISCORD_CLIENT_SECRET ?? "");
  }
  await setUpCommands(discord, area);
  await setUpEndpoint(discord, addresses, isThere, area);
}

async function setUpStripe(stripe: Stripe, setup: Setup): Promise<void> {
  const { keeper, values, projectId, addresses, report, renew } = setup;
  const { STRIPE_SECRET_KEY: key = "", STRIPE_WEBHOOK_SECRETS: given } = values;
  await keeper.keep("STRIPE_SECRET_KEY", key);
  // Endpoints whose secret is missing are deleted below, so a failed read must not look like a missing secret.
  const stored = await keeper.current("STRIPE_WEBHOOK_SECRETS");
  if (!stored) return;
  const known = [...new Set([...listOf(stored.value), ...listOf(given)])];
  const area = report.area("Stripe");
  const isRenewal = renew === "stripe";
  await setUpEndpoints(known, { stripe, projectId, addresses, keeper, area, isRenewal });
}

/** Sends one task, if there is a function to take it. */
async function tryTask({ values, projectId, report }: Setup, { environment, clock }: SetupContext) {
  const area = report.area("Cloud Tasks");
  try {
    await checkTask(await withTaskSettings(values, environment), area, clock);
  } catch (error) {
    area.wrong(
      `no task could be sent: ${describeError(error)}`,
      googleRemedy(error, "cloudresourcemanager", projectId),
    );
  }
}

async function setUpTwitch(twitch: Twitch, setup: Setup): Promise<void> {
  const { keeper, values, projectId, addresses, isThere, report } = setup;
  const area = report.area("Twitch");
  await keeper.keep("TWITCH_CLIENT_SECRET", values.TWITCH_CLIENT_SECRET ?? "");
  const current = await keeper.current("TWITCH_EVENTSUB_SECRET");
  if (!current) return;
  const given = values.TWITCH_EVENTSUB_SECRET;
  const secret = ownSecret("TWITCH_EVENTSUB_SECRET", given, current.value);
  const stored = await keeper.keep("TWITCH_EVENTSUB_SECRET", secret);
  const builders = openBuilders(values);
  if (!stored || !builders) return;
  if (stored.isNew || !isThere) {
    const what = isThere ? "know the new TWITCH_EVENTSUB_SECRET" : "answer";
    area.byHand(
      `EventSub subscriptions cannot be created before the functions ${what}`,
      "Deploy them (./dev build, then terraform -chdir=terraform apply), then run ./dev setup again",
    );
    return;
  }
  const { functionsUrl } = addresses;
  await setUpSubscriptions({ twitch, builders, projectId, functionsUrl, secret, area });
}

/** Payments in that currency could not be transferred to any builder. */
function refuseCurrency(report: Report): void {
  report
    .area("Terraform")
    .wrong(
      `${VARIABLES_FILE} was not written: the platform does not settle in SHOP_CURRENCY`,
      "Follow what is reported above about Stripe's currencies, then run this again",
    );
}

async function showTerraform(folder: string, { values, keeper, report }: Setup): Promise<void> {
  const area = report.area("Terraform");
  const malformed = malformedIn(values);
  if (malformed.length > 0) {
    area.wrong(
      `${VARIABLES_FILE} was not written: ${malformed.join(", ")} would be missing`,
      "Correct what is malformed, then run this again",
    );
    return;
  }
  if (!writeVariables(folder, values, await keeper.versionsOf(secretsToKeep))) {
    area.ok(`${VARIABLES_FILE} is up to date`);
    return;
  }
  area.changed(`${VARIABLES_FILE} was written`);
  area.byHand(
    "the deployed functions do not have these settings yet",
    "./dev build, then terraform -chdir=terraform apply",
  );
}
