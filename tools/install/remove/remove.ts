import { rmSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../../shared/runtime/errors.ts";
import { Mistake } from "../../cli/mistake.ts";
import { GoogleError } from "../../doctor/checks/google/rest.ts";
import { type GivenName, isSecret, VARIABLES_FILE, type Values } from "../../settings/values.ts";
import { connectProjects } from "../google/projects.ts";
import type { Installation, InstallContext } from "../installation.ts";
import { installQuestions } from "../questions/questions.ts";
import { begin, untilStopped } from "../run.ts";
import type { Step } from "../step.ts";
import { discordSettings } from "../steps/accounts/discord-server.ts";
import { steps as allSteps } from "../steps/index.ts";
import { findSold } from "./sold.ts";

/** What the folder knows of an installation besides `c500.env`. */
const FILES = [VARIABLES_FILE, "terraform/terraform.tfvars", "terraform/.terraform"];

/**
 * Undoes an installation: the steps in reverse order, each of which may be half done or undone. Refuses where anything
 * was sold. Returns the exit code. Idempotent: a run that was interrupted is continued by the next one.
 */
export async function runRemove(
  context: InstallContext,
  steps: readonly Step[] = allSteps,
): Promise<number> {
  const installation = begin(context);
  return await untilStopped(installation, async () => {
    const { values } = installation;
    if (values.GOOGLE_CLOUD_PROJECT === undefined) {
      installation.say("Nothing is installed from this folder: c500.env names no project.");
      return 0;
    }
    const { projectId } = installation;
    const project = await connectProjects(installation.google, context.clock).find(projectId);
    if (project?.isActive) await prepare(installation);
    const typed = await context.person.word(
      `This removes the installation ${projectId}. Type its project ID to go on.`,
    );
    if (typed !== projectId) throw new Mistake("That is not its project ID: nothing was removed.");
    for (const step of steps.toReversed()) await undo(step, installation);
    finish(installation);
    return 0;
  });
}

async function prepare(installation: Installation): Promise<void> {
  const { projectId } = installation;
  const sold = await orMistake(() => findSold(projectId));
  if (sold !== undefined) {
    throw new Mistake(
      `${projectId} has sold: there is ${sold}. It cannot be removed, since buyers and builders may still be owed something.`,
    );
  }
  // The secrets go with the project, and the undoing needs them, also in a later run.
  const before = installation.values;
  await installation.readSecrets();
  const { values } = installation;
  const given = Object.values(installQuestions).flatMap(({ parts }) =>
    parts.map(({ setting }): GivenName => setting),
  );
  const stored = given.filter((name) => isSecret(name) && !before[name] && values[name]);
  if (stored.length > 0) installation.keep(pick(values, stored));
}

async function orMistake<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Mistake(
      `Whether anything was sold cannot be read, so nothing is removed: ${describeError(error)}`,
    );
  }
}

async function undo(step: Step, installation: Installation): Promise<void> {
  const result = await installation.patiently(async () => {
    try {
      return await step.undo?.(installation);
    } catch (error) {
      // An interrupted installation may not have come so far.
      if (error instanceof GoogleError && error.reason === "SERVICE_DISABLED") return undefined;
      throw error;
    }
  });
  if (result !== undefined) installation.say(`undone   ${step.name}: ${result}`);
}

/** Forgets what the folder knows of the installation. */
function finish(installation: Installation): void {
  const { folder } = installation.context;
  for (const file of FILES) rmSync(join(folder, file), { recursive: true, force: true });
  const parts = Object.values(installQuestions).flatMap(({ parts: each }) => [...each]);
  installation.forget([...parts.map(({ setting }): GivenName => setting), ...discordSettings]);
  installation.say(
    "\nThe installation is removed. Its applications at Discord and Twitch, and the keys at Stripe and Upstash, still exist: delete them there if you want to.",
  );
}

function pick(values: Values, names: readonly GivenName[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
