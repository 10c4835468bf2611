import type * as z from "zod/mini";

/** One call that the page can make, answered in JSON. */
export interface Call<Schema extends z.ZodMiniType = z.ZodMiniType, Output = unknown> {
  readonly input: Schema;
  run(input: z.infer<Schema>): Output | Promise<Output>;
}

/** The calls of one part of the studio. */
export interface Panel {
  readonly calls: Readonly<Record<string, Call>>;
  /**
   * Changes whenever a reading call may answer something else. It is asked several times a second,
   * so it must be cheap.
   */
  version?(): string | number;
  /** Ends what the panel opened. */
  stop?(): Promise<void>;
}

/** Defines a call with the types of its input and output. Its errors reach the page as texts. */
export function defineCall<Schema extends z.ZodMiniType, Output>(
  input: Schema,
  run: (input: z.infer<Schema>) => Output | Promise<Output>,
): Call<Schema, Output> {
  return { input, run };
}
