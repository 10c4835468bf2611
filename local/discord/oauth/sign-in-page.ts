import express, { type Request, type Router } from "express";
import type { World } from "../state/world.ts";

/**
 * The page on which a user signs in and approves the application. There are no passwords: the visitor chooses a
 * user.
 */
export function signInRouter({ authorisations, directory }: World): Router {
  const router = express.Router();

  router.get("/authorize", (request, response) => {
    authorisations.read(queryOf(request));
    response.type("html").send(page(request.originalUrl, directory.people()));
  });

  router.post("/authorize", express.urlencoded({ extended: false }), (request, response) => {
    const asked = authorisations.read(queryOf(request));
    const { user } = (request.body ?? {}) as { user?: unknown };
    if (typeof user !== "string") return response.redirect(authorisations.deny(asked));
    response.redirect(authorisations.allow(asked, directory.user(user).id));
  });

  return router;
}

function queryOf({ originalUrl }: Request): URLSearchParams {
  return new URL(originalUrl, "http://discord").searchParams;
}

function page(
  address: string,
  people: readonly { readonly id: string; readonly username: string }[],
): string {
  const choices = people.map(
    ({ id, username }) =>
      `<p><button name="user" value="${escaped(id)}">Authorize as ${escaped(username)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Authorize access to your account</title>
<h1>Discord (local)</h1>
<p>An application would like to know your username. It asks for nothing else.</p>
<form method="post" action="${escaped(address)}">
${choices.join("\n")}
<p><button>Cancel</button></p>
</form></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
