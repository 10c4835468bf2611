import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readTyped } from "../../../tools/cli/command-line.ts";
import { devCommand } from "../../../tools/cli/commands.ts";
import { Mistake } from "../../../tools/cli/mistake.ts";

/** The overlay's screenshot file, unless `--picture FILE` names another. */
const PICTURE = ".local/live-pot.png";

/**
 * The screenshot file from the arguments of `./dev demo`. Throws Mistake when it cannot be written.
 */
export function pictureFile(args: readonly string[]): string {
  const { texts } = readTyped(devCommand("demo"), args);
  const picture = resolve(texts["picture"] ?? PICTURE);
  if (!existsSync(dirname(picture)) && texts["picture"] !== undefined) {
    throw new Mistake(`The folder ${dirname(picture)} does not exist.`);
  }
  if (statSync(picture, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Mistake(
      `${picture} is a folder. Name a file, such as ${join(picture, "live-pot.png")}.`,
    );
  }
  return picture;
}
