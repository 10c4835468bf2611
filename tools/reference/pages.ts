import { commandsPage } from "./commands.ts";
import { dataPage } from "./data.ts";
import { decisionsPage } from "./decisions.ts";
import { devPage } from "./dev.ts";
import { envExample } from "./env-example.ts";
import { functionsPage } from "./functions.ts";
import { httpRoutesPage } from "./http-routes.ts";
import { localServicesPage } from "./local-services.ts";
import type { ReferencePage } from "./markdown.ts";
import { openApiPage } from "./open-api.ts";
import { providersPage } from "./providers.ts";
import { settingsPage } from "./settings.ts";

/** Every generated page, and `c500.env.example`. */
export function referencePages(): readonly ReferencePage[] {
  return [
    { path: "c500.env.example", text: envExample() },
    { path: "docs/reference/commands.md", text: commandsPage() },
    { path: "docs/reference/data.md", text: dataPage() },
    { path: "docs/decisions/README.md", text: decisionsPage() },
    { path: "docs/reference/dev.md", text: devPage() },
    { path: "docs/reference/functions.md", text: functionsPage() },
    { path: "docs/reference/http-routes.md", text: httpRoutesPage() },
    { path: "docs/reference/local-services.md", text: localServicesPage() },
    { path: "docs/reference/openapi.json", text: openApiPage() },
    { path: "docs/reference/providers.md", text: providersPage() },
    { path: "docs/reference/settings.md", text: settingsPage() },
  ];
}

/** Those of the pages whose file says something else; `read` gives a file's text, undefined where there is none. */
export function stalePages(
  pages: readonly ReferencePage[],
  read: (path: string) => string | undefined,
): string[] {
  return pages.filter(({ path, text }) => read(path) !== text).map(({ path }) => path);
}
