import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { matchesGlob } from "node:path";
import { Choices } from "./choices.ts";

/** Makes what libraries draw while loading the same in every run. */
let random: () => number = new Choices(0).stream("loading");

/**
 * Makes Node's `randomBytes`, `randomUUID`, `randomInt` and `Math.random` deterministic: they draw
 * from the latest run's generator. Must be called before the emulators are loaded.
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
  // Node lazily loads what this needs and draws for it.
  matchesGlob("", "");
}

/** Begins a run: from now on everything draws from `stream`. */
export function drawFrom(stream: () => number): void {
  random = stream;
}
