import { c500Live } from "./c500-live.ts";
import type { Command } from "./define-command.ts";

/** Every command there is. */
export const commands: readonly Command[] = [c500Live];
