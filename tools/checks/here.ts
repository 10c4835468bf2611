import { readFileSync } from "node:fs";
import { environment } from "../../shared/runtime/config.ts";
import type { CommandContext } from "./installation.ts";

const ENDPOINTS = ".local/endpoints.json";
/** What setup writes for the local cloud is not for Terraform. */
const LOCAL_FOLDER = ".local/setup";

/**
 * What is meant by a command that is typed here: the local cloud while `./dev up` runs in this
 * folder, else the installation of the environment, `c500.env` and Terraform's variables.
 */
export function contextHere(): CommandContext & { readonly name: string } {
  const local = readLocalSettings();
  if (local) return { name: "the local cloud", environment: local, folder: LOCAL_FOLDER };
  return { name: "the installation of this folder", environment, folder: "." };
}

function readLocalSettings(): CommandContext["environment"] | undefined {
  try {
    return JSON.parse(readFileSync(ENDPOINTS, "utf8")).settings;
  } catch {
    return undefined;
  }
}
