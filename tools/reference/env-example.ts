import { questions } from "../settings/questions.ts";
import { isSecret } from "../settings/values.ts";

const INTRO = `# What ./dev setup and ./dev doctor need to know. Copy this file to c500.env, which git does not
# keep, and fill it in; or leave lines empty, and ./dev setup asks for them. What the environment
# says wins. Once a secret is in Secret Manager, its line may be emptied.`;

/** `c500.env.example`: a line for each question of `./dev setup`. */
export function envExample(): string {
  const parts = questions.map(({ name, what, where, without }) =>
    [
      `# ${what}${isSecret(name) ? " (secret)" : ""}`,
      `# ${where}`,
      ...(without === undefined ? [] : [`# May be left out. ${without}`]),
      `${name}=`,
    ].join("\n"),
  );
  return `${[INTRO, ...parts].join("\n\n")}\n`;
}
