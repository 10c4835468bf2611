import { connectFirestore } from "../../../shared/clients/firestore.ts";

/** What only exists once something was sold, or money is owed: a removal would lose it. */
const TRACES = [
  { collection: "orders", what: "an order" },
  { collection: "ledger", what: "an entry in the ledger" },
  { collection: "sales", what: "a merch sale" },
  { collection: "payouts", what: "a payout" },
  { collection: "tombstones", what: "what a forgotten person owes" },
] as const;
const DEBTS = { group: "debts", what: "a builder's debt" } as const;

/** What was sold, in words; undefined if nothing was. Throws if it cannot be known. */
export async function findSold(projectId: string): Promise<string | undefined> {
  try {
    return await firstTrace(projectId);
  } catch (error) {
    if (hasNoDatabase(error)) return undefined;
    throw error;
  }
}

const NOT_FOUND = 5;

/** An interrupted installation may not have come so far. */
function hasNoDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === NOT_FOUND || error.message.includes("SERVICE_DISABLED");
}

async function firstTrace(projectId: string): Promise<string | undefined> {
  const firestore = await connectFirestore({ GOOGLE_CLOUD_PROJECT: projectId })();
  for (const { collection, what } of TRACES) {
    if (!(await firestore.collection(collection).limit(1).get()).empty) return what;
  }
  const debts = await firestore.collectionGroup(DEBTS.group).limit(1).get();
  return debts.empty ? undefined : DEBTS.what;
}
