import * as z from "zod/mini";
import { UPSTASH_REGIONS } from "./regions.ts";

const text = z.string().check(z.trim(), z.minLength(1));

/** Settings that only the tools read, from the same places as the functions' settings. */
export const toolSettings = {
  UPSTASH_EMAIL: {
    schema: z.string().check(z.trim(), z.regex(/^[^@\s]+@[^@\s]+$/)),
    form: "the e-mail address of the account",
    description: "The e-mail address of the account at Upstash.",
  },
  UPSTASH_API_KEY: {
    schema: text,
    secret: true,
    description: "The key of Upstash's management API, which creates the database.",
  },
  UPSTASH_REGION: {
    schema: z.string().check(
      z.trim(),
      z.refine((value) => UPSTASH_REGIONS.includes(value)),
    ),
    choices: UPSTASH_REGIONS,
    form: `one of ${UPSTASH_REGIONS.join(", ")}, without the prefix gcp-`,
    description: "Where a new database is created; the functions' region by default.",
  },
  UPSTASH_MONTHLY_BUDGET: {
    schema: z.string().check(z.trim(), z.regex(/^[1-9]\d{0,5}$/)),
    form: "a whole number of dollars, at least 1",
    description: "The monthly budget of a new database, in dollars; 20 by default.",
  },
  UPSTASH_MANAGEMENT_URL: {
    schema: z.string().check(z.trim(), z.url()),
    description: "Where Upstash's management API is, if not at Upstash.",
  },
} as const;

export type ToolSettingName = keyof typeof toolSettings;
