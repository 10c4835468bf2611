import type { PlatformDeps } from "../deps.ts";

/** Wires a function that needs what every function has, and nothing of a feature. */
export function createDeps(platform: PlatformDeps): PlatformDeps {
  return platform;
}
