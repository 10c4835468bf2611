import { useSignal, useSignalEffect } from "@preact/signals";

const STORED = "studio-theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** Chooses between the system's theme, the light and the dark one. */
export function ThemeSwitch() {
  const theme = useSignal<Theme>(
    THEMES.find((name) => name === localStorage.getItem(STORED)) ?? "system",
  );
  useSignalEffect(() => {
    localStorage.setItem(STORED, theme.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
  return (
    <label class="theme">
      <span class="hidden">Theme</span>
      <select
        value={theme.value}
        onChange={({ currentTarget: { value } }) => {
          theme.value = THEMES.find((name) => name === value) ?? "system";
        }}
      >
        {THEMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
