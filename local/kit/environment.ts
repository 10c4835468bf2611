/** The process's environment: read and set here and nowhere else in the local cloud. */
export const environment: Record<string, string | undefined> = process.env;
