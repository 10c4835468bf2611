import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createDeps as createMembersDeps, type Deps as MembersDeps } from "../members/deps.ts";
import { type CasePictures, createCasePictures } from "./store/case-pictures.ts";
import { createDeadlines, type Deadlines } from "./store/deadlines.ts";
import { createParcels, type Parcels } from "./store/parcels.ts";
import { createShipCountries, type ShipCountries } from "./store/ship-countries.ts";
import { type BuildersTerms, createBuildersTerms } from "./store/shipping-terms.ts";

/** Shipping: builders' terms, and where parcels go. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends MembersDeps {
  readonly buildersTerms: BuildersTerms;
  readonly casePictures: CasePictures;
  readonly deadlines: Deadlines;
  readonly parcels: Parcels;
  readonly shipCountries: ShipCountries;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createMembersDeps(platform, database),
    buildersTerms: createBuildersTerms(database),
    casePictures: createCasePictures(database),
    deadlines: createDeadlines(database),
    parcels: createParcels(database),
    shipCountries: createShipCountries(database),
  };
}
