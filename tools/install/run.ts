import { DiscordAPIError } from "@discordjs/rest";
import Stripe from "stripe";
import { explainMistake } from "../cli/mistake.ts";
import { SIGN_IN } from "../cli/sign-in.ts";
import { whatWentWrong } from "../doctor/checks/discord/error.ts";
import { GoogleError, NoCredentialsError } from "../doctor/checks/google/rest.ts";
import { NoSuchSecretError } from "../doctor/checks/google/secrets.ts";
import { useEmulatorsOf } from "../doctor/checks/installation.ts";
import { UpstashError } from "../doctor/checks/upstash.ts";
import { refuseFaults } from "../settings/values.ts";
import { InterruptedError } from "../setup/ask.ts";
import { Installation, type InstallContext } from "./installation.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { NotYetError, WaitedError } from "./patience.ts";
import { protectAnswers } from "./questions/answers.ts";
import { type Blocked, BlockedError, blocked, type Standing, type Step } from "./step.ts";
import { steps as allSteps } from "./steps/index.ts";

/** The exit code of an interrupted command. */
const INTERRUPTED = 130;
const WAY_WIDTH = 9;

/** Terraform without code would end deployed functions, unless its target is the secrets alone. */
const CREATE_SECRETS =
  "Create what is missing: terraform -chdir=terraform apply -var deploy_functions=false -target=google_secret_manager_secret.secret";

const AT_DISCORD =
  "Press Ctrl+C and run ./dev install again: it asks for the token if Discord no longer accepts it";
const AT_UPSTASH =
  "Check at https://console.upstash.com/account that the key exists and a payment method is added, then press Enter";
const AT_STRIPE =
  "Press Ctrl+C and run ./dev install again: it asks for the key if Stripe no longer accepts it";

/** It stopped at something that only a person can do, who is not at the terminal or has to start another run. */
class StoppedError extends Error {
  override name = "StoppedError";
}

/**
 * Goes through the steps: each is looked at, done if something is missing, and looked at again. A step that needs a
 * person says what to do and waits. Returns the exit code. Idempotent and crash-safe as the steps are.
 */
export async function runInstall(
  context: InstallContext,
  steps: readonly Step[] = allSteps,
): Promise<number> {
  const installation = begin(context);
  return await untilStopped(installation, async () => {
    refuseFaults(context.environment, context.folder);
    for (const [index, step] of steps.entries()) {
      const place = `${String(index + 1).padStart(2)}/${steps.length}`;
      await settle(step, place, installation);
    }
    installation.say(
      "\nEverything is installed. ./dev doctor checks it at any time. Read on: docs/install.md, Before you open.",
    );
    return 0;
  });
}

/** Opens the installation of a folder. */
export function begin(context: InstallContext): Installation {
  useEmulatorsOf(context.environment);
  protectAnswers(context.folder);
  return new Installation(context);
}

/** Runs a command to its exit code; says why it stopped. Throws what is a defect of ours. */
export async function untilStopped(
  installation: Installation,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await oneAtATime(installation.context.folder, work);
  } catch (error) {
    if (error instanceof InterruptedError) {
      installation.say("\nStopped. Run it again at any time: it goes on where it stopped.");
      return INTERRUPTED;
    }
    const sentence = error instanceof StoppedError ? "Then run this again." : sentenceFor(error);
    if (sentence === undefined) throw error;
    installation.say(sentence);
    return 1;
  }
}

async function settle(step: Step, place: string, installation: Installation): Promise<void> {
  const { person } = installation.context;
  const line = (way: string, text: string) =>
    installation.say(`${place}  ${way.padEnd(WAY_WIDTH)}${step.name}: ${text}`);
  if (step.slowCheck) line("…", step.slowCheck);
  let standing = await look(step, installation);
  let way = "ok";
  while (standing.kind !== "done") {
    if (standing.kind === "missing" && step.run) {
      line("…", standing.why ?? "begins");
      standing = await attempt(step, installation);
      way = "done";
      continue;
    }
    const { why, remedy, endsRun } = asBlocked(standing);
    line(endsRun ? "stopped" : "waiting", why);
    installation.say(`${" ".repeat(place.length + 2 + WAY_WIDTH)}→ ${remedy}`);
    if (endsRun || !person.isThere) throw new StoppedError();
    await person.acknowledge();
    standing = await look(step, installation);
  }
  line(way, standing.what);
}

/** Looks at a step; what it refuses to look at without a person's help is blocked. */
async function look(step: Step, installation: Installation): Promise<Standing> {
  return await orBlocked(() => installation.patiently(() => step.check(installation)));
}

/** Runs a step, and looks until its effect is seen. */
async function attempt(step: Step, installation: Installation): Promise<Standing> {
  return await orBlocked(async () => {
    await installation.patiently(async () => step.run?.(installation));
    return await installation.patiently(async () => {
      const standing = await step.check(installation);
      if (standing.kind !== "missing") return standing;
      throw new NotYetError(
        `it has not taken effect yet${standing.why ? ` (${standing.why})` : ""}`,
      );
    });
  });
}

/** What a person can do about an error; undefined for a defect of ours. */
function sentenceFor(error: unknown): string | undefined {
  const refusal = refusalOf(error);
  return refusal ? `${refusal.why}\n→ ${refusal.remedy}` : explainMistake(error);
}

async function orBlocked(work: () => Promise<Standing>): Promise<Standing> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    throw error;
  }
}

/** What refuses a step, and what a person can do about it; undefined if it is no refusal. */
function refusalOf(error: unknown): Blocked | undefined {
  if (error instanceof WaitedError) return refusalOf(error.cause);
  if (error instanceof BlockedError) return blocked(error.message, error.remedy);
  if (error instanceof NotYetError)
    return blocked(error.message, "Wait some minutes, then press Enter");
  if (error instanceof NoSuchSecretError) return blocked(error.message, CREATE_SECRETS);
  if (error instanceof DiscordAPIError) return blocked(whatWentWrong(error), AT_DISCORD);
  if (error instanceof UpstashError) return blocked(`Upstash: ${error.message}`, AT_UPSTASH);
  if (error instanceof Stripe.errors.StripeError) return blocked(error.message, AT_STRIPE);
  if (error instanceof NoCredentialsError) return blocked(error.message, SIGN_IN);
  if (error instanceof GoogleError)
    return blocked(`Google refuses: ${error.message}`, googleHelp(error));
  return undefined;
}

function googleHelp({ status }: GoogleError): string {
  switch (status) {
    case 401:
      return SIGN_IN;
    case 403:
      return "You need the role Owner in the project: one of its owners gives it to you at https://console.cloud.google.com/iam-admin/iam";
    default:
      return "Press Enter to try again. https://status.cloud.google.com shows whether Google has trouble";
  }
}

function asBlocked(standing: Standing): Blocked {
  if (standing.kind === "blocked") return standing;
  const why = standing.kind === "missing" ? standing.why : undefined;
  return blocked(why ?? "it is missing", "Only a person can do this");
}
