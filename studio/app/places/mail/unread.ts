import { useCall } from "../../api/use-call.ts";

/** How many of the operators' mails were not opened yet. */
export function useUnread(): number {
  return useCall("mail", "read", {}).value?.unread ?? 0;
}
