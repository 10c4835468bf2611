import { bidControls } from "../commands/definitions.ts";

// https://discord.com/developers/docs/components/reference
const LABEL = 18;
const TEXT_INPUT = 4;
const SHORT = 1;
const MAX_LENGTH = 20;

/** The form for another amount than the buttons have. */
export function bidForm(auctionId: string): object {
  const field = (name: string, label: string, description: string, required: boolean) => ({
    type: LABEL,
    label,
    description,
    component: {
      ...{ type: TEXT_INPUT, custom_id: name, style: SHORT, required },
      max_length: MAX_LENGTH,
    },
  });
  return {
    custom_id: `${bidControls.custom}:${auctionId}`,
    title: "Your bid",
    components: [
      field("amount", "Amount", "Such as 55 or $55.50", true),
      field("max", "Secret ceiling", "I bid for you up to it, as little as needed", false),
    ],
  };
}
