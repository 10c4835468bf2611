/** Which tax form the team has of a racer; nobody's form itself is stored. */
export const taxStatuses = ["missing", "w-9", "w-8ben", "not-needed"] as const;
export type TaxStatus = (typeof taxStatuses)[number];

/** What the team has noted of a racer's taxes. */
export interface TaxNote {
  readonly status: TaxStatus;
  readonly note: string | undefined;
  readonly byId: string;
  readonly at: Date;
}

/** The beginning of the calendar year, by UTC, in which payouts count towards the yearly limit. */
export function startOfTaxYear(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), 0, 1));
}

/** What is close enough to the yearly limit to ask for the form: four fifths of it. */
export function isNearLimit(paid: number, limit: number): boolean {
  return limit > 0 && paid * 5 >= limit * 4;
}
