import type { CaseState } from "../../shipping/domain/case.ts";

/** Whom a case waits for, by its state; nobody once it is over. */
export const caseTurnWords: Readonly<Partial<Record<CaseState, string>>> = {
  open: "waits for the builder",
  answered: "waits for the buyer",
  escalated: "waits for the team",
};
