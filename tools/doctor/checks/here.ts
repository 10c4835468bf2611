import { readFileSync } from "node:fs";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { environment } from "../../../shared/runtime/config.ts";
import type { CommandContext } from "./installation.ts";

/** The file that `./dev up` writes while it runs. */
interface LocalEndpoints {
  readonly control: string;
  readonly settings: CommandContext["environment"];
}

const ENDPOINTS = ".local/endpoints.json";
/** Setup's files for the local cloud, kept apart from Terraform's. */
const LOCAL_FOLDER = ".local/setup";
const MISUSED = 2;

/**
 * What a command typed here works on: the local cloud while `./dev up` runs in this folder, otherwise the
 * installation that the environment, `c500.env` and Terraform's variables describe. Ends the process if
 * that cannot be determined.
 */
export async function contextHere(): Promise<CommandContext & { readonly name: string }> {
  const clock = systemClock;
  const local = readEndpoints();
  if (!local) return { name: "the installation of this folder", environment, folder: ".", clock };
  const answer = await fetch(`${local.control}/clock`).catch(() => undefined);
  if (!answer?.ok) {
    process.stderr.write(
      `The local cloud of ${ENDPOINTS} does not answer. If it is not running, delete that file.\n`,
    );
    process.exit(MISUSED);
  }
  return { name: "the local cloud", environment: local.settings, folder: LOCAL_FOLDER, clock };
}

function readEndpoints(): LocalEndpoints | undefined {
  try {
    return JSON.parse(readFileSync(ENDPOINTS, "utf8"));
  } catch {
    return undefined;
  }
}
