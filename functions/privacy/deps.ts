import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import {
  createDeps as createGoingLiveDeps,
  type Deps as GoingLiveDeps,
} from "../going-live/deps.ts";
import { createDeps as createRacesDeps, type Deps as RacesDeps } from "../races/deps.ts";
import { createForgettings, type Forgettings } from "./store/forgettings.ts";
import { createPersonalData, type PersonalData } from "./store/personal-data.ts";

/** Everything that may be known about someone. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends GoingLiveDeps, RacesDeps {
  readonly forgettings: Forgettings;
  readonly personalData: PersonalData;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createGoingLiveDeps(platform, database),
    ...createRacesDeps(platform, database),
    forgettings: createForgettings(database),
    personalData: createPersonalData(database),
  };
}
