import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { matchesGlob } from "node:path";
import { Choices } from "./choices.ts";

/** What libraries draw while they are loaded is the same each time. */
let random: () => number = new Choices(0).stream("loading");

/**
 * From now on nothing in this process draws by itself: what Node's `randomBytes`, `randomUUID`, `randomInt` and
 * `Math.random` give follows from the run that was begun last. To be called before the emulators are loaded.
 */
export function takeEntropy(): void {
  const bytes = (size: number) =>
    Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
  const uuid = () =>
    bytes(16)
      .toString("hex")
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  const int = (min: number, max?: number) =>
    max === undefined ? Math.floor(random() * min) : min + Math.floor(random() * (max - min));
  Object.assign(crypto, { randomBytes: bytes, randomUUID: uuid, randomInt: int });
  syncBuiltinESMExports();
  Math.random = () => random();
  // Node loads what this needs at its first use, and draws for it.
  matchesGlob("", "");
}

/** Begins a run: what is drawn from now on comes from `stream`. */
export function drawFrom(stream: () => number): void {
  random = stream;
}
