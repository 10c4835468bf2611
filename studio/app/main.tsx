import { render } from "preact";
import { followChanges, takeToken } from "./api/api.ts";
import { followLinks } from "./shell/router.ts";
import { Shell } from "./shell/shell.tsx";

takeToken();
addEventListener("click", followLinks);
const root = document.getElementById("app");
if (root) render(<Shell />, root);
void followChanges();
