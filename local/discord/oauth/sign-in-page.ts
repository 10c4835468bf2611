import type { Router } from "express";
import { signInRouter } from "../../kit/sign-in-page.ts";
import type { World } from "../state/world.ts";

/** The page on which a user signs in and approves the application. */
export function discordSignInRouter({ authorisations, directory }: World): Router {
  return signInRouter({
    title: "Authorize access to your account",
    heading: "Discord (local)",
    about: "your username",
    field: "user",
    people: () => directory.people().map(({ id, username }) => ({ value: id, name: username })),
    read: (query) => authorisations.read(query),
    allow: (asked, id) => authorisations.allow(asked, directory.user(id).id),
    deny: (asked) => authorisations.deny(asked),
  });
}
