import { GoogleError } from "../../../doctor/checks/google/rest.ts";
import { placeOf } from "../../../settings/values.ts";
import { connectProjects, type Projects } from "../../google/projects.ts";
import type { Installation } from "../../installation.ts";
import { installQuestions } from "../../questions/questions.ts";
import { stoppedByShell } from "../../shell.ts";
import { BlockedError, blocked, done, missing, type Step } from "../../step.ts";

const SETTING = "GOOGLE_CLOUD_PROJECT";
const MALFORMED = 400;
const TAKEN = 409;
/** How long a name that is taken may turn out to be one's own. */
const DOUBT_MS = 20_000;
const POLL_MS = 5_000;
const FORBIDDEN = 403;

/** The project that everything is made in: named by the person, created unless it exists. */
export const project: Step = {
  name: "Google project",
  async check(installation) {
    const id = installation.values.GOOGLE_CLOUD_PROJECT;
    if (id === undefined) return missing("no project is named yet");
    const written = placeOf(SETTING, {}, installation.context.folder);
    if (!written) return missing(`${id}, which your shell names`);
    const other = written.given[SETTING];
    if (installation.isFromShell(SETTING) && other !== id) {
      return stoppedByShell(`it is ${id} in your shell, and ${other} in ${written.where}`, [
        SETTING,
      ]);
    }
    const facts = await projectsOf(installation).find(id);
    if (facts?.isActive) return done(id);
    if (!facts) return missing(`${id} does not exist yet`);
    return blocked(
      `${id} is being deleted`,
      "Restore it at https://console.cloud.google.com/cloud-resource-manager?pendingDeletion=true, or choose another ID: change GOOGLE_CLOUD_PROJECT in c500.env. Then press Enter",
    );
  },
  async run(installation) {
    let hint: string | undefined;
    for (;;) {
      const id = await chooseId(installation, hint);
      if (id === undefined) continue;
      const refusal = await installation.patiently(() => createUnlessThere(id, installation));
      if (refusal === undefined) {
        installation.keep({ GOOGLE_CLOUD_PROJECT: id });
        return;
      }
      installation.say(`  ${refusal}`);
      hint = `${id} cannot be used.`;
    }
  },
  async undo(installation) {
    const { GOOGLE_CLOUD_PROJECT: id } = installation.values;
    const projects = projectsOf(installation);
    const facts = id === undefined ? undefined : await projects.find(id);
    if (id === undefined || !facts?.isActive) return undefined;
    if (!facts.isOurs) return `the project ${id} stays: ./dev install did not create it`;
    await projects.delete(id);
    return `the project ${id} is deleted; Google keeps it for 30 days, in which it can be restored`;
  },
};

/** The id that is known, unless there is a hint why it cannot be used; otherwise what the person types. */
async function chooseId(
  installation: Installation,
  hint: string | undefined,
): Promise<string | undefined> {
  const { person, folder } = installation.context;
  const { GOOGLE_CLOUD_PROJECT: known } = installation.values;
  if (known === undefined || hint !== undefined) {
    const answers = await person.answer(installQuestions.project, hint);
    return answers.GOOGLE_CLOUD_PROJECT ?? known;
  }
  // Other programs read this variable too, so that it may be set for one of them.
  if (person.isThere && !placeOf(SETTING, {}, folder)) {
    await person.confirm(
      `Google project: everything is made in ${known}`,
      `${SETTING} of your shell names it. For another project press Ctrl+C, and run: unset ${SETTING}`,
      `set ${SETTING}=${known} in c500.env`,
    );
  }
  return known;
}

/** Returns why the project cannot be used; undefined once it exists. */
async function createUnlessThere(
  id: string,
  installation: Installation,
): Promise<string | undefined> {
  const projects = projectsOf(installation);
  if (/^\d+$/.test(id)) {
    return "That is a project's number. Type its ID, which begins with a letter.";
  }
  if (await projects.find(id)) return undefined;
  installation.say(`  Creating ${id}, which takes up to a minute.`);
  try {
    await projects.create(id);
    return undefined;
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    if (error.status === TAKEN) {
      installation.say("  There is a project of that ID. Looking whether it is yours.");
      // Crash safety: a run may have been interrupted while Google was creating it, and Google shows it only later.
      for (let waitedMs = 0; waitedMs < DOUBT_MS; waitedMs += POLL_MS) {
        await installation.context.clock.sleep(POLL_MS);
        if (await projects.find(id)) return undefined;
      }
      return "Someone else has a project of that ID.";
    }
    if (error.status === MALFORMED) return `Google refuses that ID: ${error.message}`;
    if (error.status !== FORBIDDEN) throw error;
    throw new BlockedError(
      `you may not create projects: ${error.message}`,
      "Ask your organisation's administrator for the role Project Creator (roles/resourcemanager.projectCreator). Or ask for a project of which you are Owner, and type its ID next",
    );
  }
}

function projectsOf({ google, context }: Installation): Projects {
  return connectProjects(google, context.clock);
}
