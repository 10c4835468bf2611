/** The environment the process was started with: read here and nowhere else in the local cloud. */
export const environment: Readonly<Record<string, string | undefined>> = { ...process.env };

/** Sets variables that Google's client libraries read for themselves. */
export function exportVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) process.env[name] = value;
  }
}
