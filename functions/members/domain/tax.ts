/** Which tax form the team has received from a racer. The forms themselves are not stored. */
export const taxStatuses = ["missing", "w-9", "w-8ben", "not-needed"] as const;
export type TaxStatus = (typeof taxStatuses)[number];

/** The team's note about a racer's tax form. */
export interface TaxNote {
  readonly status: TaxStatus;
  readonly note: string | undefined;
  readonly byId: string;
  readonly at: Date;
}

/** The beginning of the calendar year (UTC) whose payouts count towards the yearly limit. */
export function startOfTaxYear(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), 0, 1));
}

/** Whether an amount is close enough to the yearly limit to ask for the form: four fifths of it or more. */
export function isNearLimit(paid: number, limit: number): boolean {
  return limit > 0 && paid * 5 >= limit * 4;
}
