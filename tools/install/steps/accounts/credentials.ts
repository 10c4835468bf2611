import { type GivenName, isWellFormed, type Values } from "../../../settings/values.ts";
import type { Installation } from "../../installation.ts";
import type { InstallQuestion } from "../../questions.ts";
import { missing, type Standing, type Step } from "../../step.ts";

/** A step that asks for credentials until their service accepts them. */
interface Credentials {
  readonly question: InstallQuestion;
  /** Asks the service, changes nothing there. "blocked" is for what the same credentials cannot get past yet. */
  verify(installation: Installation): Promise<Standing>;
}

/** Answers are kept only once their service has accepted them. */
export function credentialsStep({ question, verify }: Credentials): Step {
  const settings: readonly GivenName[] = question.parts.map(({ setting }) => setting);
  const isGood = (name: GivenName, value = "") => isWellFormed(name, value);
  const isKnown = (values: Values) => settings.every((name) => isGood(name, values[name]));
  return {
    name: question.name,
    check: async (installation) =>
      isKnown(installation.values) ? await verify(installation) : missing("it has to be typed"),
    async run(installation) {
      let hint: string | undefined;
      for (;;) {
        const answers = await installation.context.person.answer(question, hint);
        const standing = await installation.trying(answers, async () =>
          isKnown(installation.values) ? await verify(installation) : missing("nothing was typed"),
        );
        if (standing.kind !== "missing") {
          installation.keep(answers);
          return;
        }
        installation.say(`  ${standing.why}`);
        hint = "Enter alone tries again what is known.";
      }
    },
  };
}
