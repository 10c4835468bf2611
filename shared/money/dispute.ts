/** The outcome of a dispute. `won`: the money stays or came back. `lost`: it is gone. */
export type DisputeOutcome = "open" | "won" | "lost";
