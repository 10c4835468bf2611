import { type GivenName, isWellFormed } from "../../../settings/values.ts";
import type { Installation } from "../../installation.ts";
import { savedIn } from "../../questions/answers.ts";
import type { InstallQuestion } from "../../questions/questions.ts";
import { stoppedByShell } from "../../shell.ts";
import { done, missing, type Standing, type Step } from "../../step.ts";

/** A step that asks for credentials until their service accepts them. */
interface Credentials {
  readonly question: InstallQuestion;
  /** What else to enter where the answer is found, which depends on the site's address. */
  alsoEnter?(siteUrl: string): string;
  /** Asks the service, changes nothing there. "blocked" is for what the same credentials cannot get past yet. */
  verify(installation: Installation): Promise<Standing>;
}

/**
 * Answers are kept only once their service has accepted them. What the shell gives is not asked for, since it goes
 * before what is typed: if it is refused, the run ends.
 */
export function credentialsStep({ question, alsoEnter, verify }: Credentials): Step {
  const look = async (installation: Installation): Promise<Standing> => {
    const parts = unusableParts(question, installation);
    if (parts.length === 0) return await verify(installation);
    return missing(whyUnusable(parts, installation));
  };
  return {
    name: question.name,
    async check(installation) {
      const standing = await look(installation);
      if (standing.kind === "missing") return explain(standing.why ?? "", question, installation);
      if (standing.kind === "blocked") return standing;
      const notes = settingsOfShell(question, installation).map((name) =>
        noteOn(name, installation),
      );
      return done([standing.what, ...notes].join("; "));
    },
    async run(installation) {
      const { PUBLIC_SITE_URL: siteUrl } = installation.values;
      const also = siteUrl === undefined ? [] : [alsoEnter?.(siteUrl) ?? []].flat();
      const where = [...question.where, ...also];
      const asked = { ...question, where, parts: partsToType(question, installation) };
      let hint = hintBefore(asked, settingsOfShell(question, installation));
      for (;;) {
        const answers = await installation.context.person.answer(asked, hint);
        const standing = await installation.trying(answers, () =>
          installation.patiently(() => look(installation)),
        );
        if (standing.kind !== "missing") {
          installation.keep(answers);
          return;
        }
        installation.say(`  ${standing.why}`);
        hint = hintAfter(question, installation);
      }
    },
  };
}

type Part = InstallQuestion["parts"][number];

/** The parts of the answer that are not known, or cannot be right. */
function unusableParts({ parts }: InstallQuestion, { values }: Installation): Part[] {
  return parts.filter(({ setting }) => !isWellFormed(setting, values[setting] ?? ""));
}

function whyUnusable(parts: readonly Part[], installation: Installation): string {
  const wrong = parts.filter(({ setting }) => installation.originOf(setting) !== undefined);
  const absent = parts.filter((part) => !wrong.includes(part)).map(({ what }) => what);
  return [
    ...(absent.length > 0
      ? [`${absent.join(" and ")} ${absent.length > 1 ? "are" : "is"} needed`]
      : []),
    ...wrong.map(
      ({ setting, what }) => `${setting}, from ${installation.originOf(setting)}, is not ${what}`,
    ),
  ].join("; ");
}

function partsToType({ parts }: InstallQuestion, installation: Installation): Part[] {
  return parts.filter(({ setting }) => !installation.isFromShell(setting));
}

function settingsOfShell({ parts }: InstallQuestion, installation: Installation): GivenName[] {
  const settings = parts.map(({ setting }) => setting);
  return settings.filter((setting) => installation.isFromShell(setting));
}

/** Says where what is missing or refused is from. Only another shell gets past what the shell gives wrongly. */
function explain(why: string, question: InstallQuestion, installation: Installation): Standing {
  const unusable = unusableParts(question, installation);
  const suspects = unusable.length > 0 ? unusable : question.parts;
  const ofShell = settingsOfShell({ ...question, parts: suspects }, installation);
  if (ofShell.length > 0) return stoppedByShell(why, ofShell);
  if (unusable.length > 0) return missing(why);
  const origins = suspects.map(
    ({ setting }) => `${setting} from ${installation.originOf(setting)}`,
  );
  return missing(`${why} (${origins.join(", ")}). What you type replaces it`);
}

/** Names what is of the shell, which may have it for another program. */
function noteOn(name: GivenName, { context, values }: Installation): string {
  const saved = savedIn(context.folder)[name];
  const note = `${name} is from your shell`;
  return saved && saved !== values[name] ? `${note}, and not the one in c500.env` : note;
}

function hintBefore({ parts }: InstallQuestion, ofShell: readonly string[]): string | undefined {
  if (ofShell.length === 0) return undefined;
  const whats = parts.map(({ what }) => what).join(" and ");
  return `Type only ${whats}: ${ofShell.join(" and ")} is taken from your shell.`;
}

function hintAfter(question: InstallQuestion, installation: Installation): string | undefined {
  const ofShell = settingsOfShell(question, installation);
  const isKnown = unusableParts(question, installation).length === 0;
  if (ofShell.length === 0)
    return isKnown ? "Enter alone tries the earlier answer again." : undefined;
  return `If ${ofShell.join(" or ")} is wrong, press Ctrl+C and run: unset ${ofShell.join(" ")}`;
}
