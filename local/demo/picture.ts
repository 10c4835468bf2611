import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readTyped } from "../../tools/cli/command-line.ts";
import { devCommand } from "../../tools/cli/commands.ts";
import { Mistake } from "../../tools/cli/mistake.ts";

/** Where the picture of the overlay goes unless `--picture FILE` says otherwise. */
const PICTURE = ".local/live-pot.png";

/** The file for the picture, from what was typed after `./dev demo`. Throws Mistake where it cannot be written. */
export function pictureFile(args: readonly string[]): string {
  const { texts } = readTyped(devCommand("demo"), args);
  const picture = resolve(texts["picture"] ?? PICTURE);
  if (!existsSync(dirname(picture)) && texts["picture"] !== undefined) {
    throw new Mistake(`There is no folder ${dirname(picture)} for the picture.`);
  }
  if (statSync(picture, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Mistake(
      `${picture} is a folder: name the file for the picture, such as ${join(picture, "live-pot.png")}.`,
    );
  }
  return picture;
}
