import { localService, portNames } from "../../local/cloud/ports.ts";
import { DEFAULT_PORT } from "../cli/commands.ts";
import { page, table } from "./markdown.ts";

const INTRO = `\`./dev up\` starts these services on this machine. Its front page, http://127.0.0.1:${DEFAULT_PORT}, links them all, and
\`.local/endpoints.json\` has their addresses and keys for programs. \`./dev up --port N\` moves all ports.
[Local development](../development/local-development.md) says how to drive them, and
[Emulators and simulators](../development/emulators.md) what each does, refuses and does differently.`;

const REPLACING = `## Use a real service instead

Put its address in the environment of \`./dev up\`; its emulator or simulator is then not started. Every
[setting](settings.md) can be given in the same way; missing keys are generated.`;

/** `docs/reference/local-services.md`. */
export function localServicesPage(): string {
  const rows = portNames.map((name, index) => [
    `\`${name}\``,
    String(DEFAULT_PORT + index),
    localService(name).does,
  ]);
  const replaceable = portNames.flatMap((name) => {
    const { replacedBy, alongWith = "" } = localService(name);
    return replacedBy
      ? [[`\`${replacedBy[0]}\``, `\`${name}\``, `\`${replacedBy[1]}\``, alongWith]]
      : [];
  });
  return page("Local services", "`local/cloud/ports.ts`", [
    INTRO,
    table(["service", "port", "what it is"], rows),
    REPLACING,
    table(["variable", "replaces", "such as", "together with"], replaceable),
  ]);
}
