import type { Router } from "express";
import { signInRouter } from "../../kit/sign-in-page.ts";
import type { Broadcasts } from "../broadcasts.ts";
import type { SignIns } from "./sign-ins.ts";

/** The page on which a user signs in and approves the application. */
export function twitchSignInRouter(signIns: SignIns, broadcasts: Broadcasts): Router {
  return signInRouter({
    title: "Sign in to Twitch",
    heading: "Sign in to Twitch (local)",
    about: "who you are",
    field: "login",
    people: () =>
      broadcasts.users().map(({ login, displayName }) => ({ value: login, name: displayName })),
    read: (query) => signIns.read(query),
    allow: (asked, login) => signIns.allow(asked, broadcasts.userByLogin(login).id),
    deny: (asked) => signIns.deny(asked),
  });
}
