// Dark or light: as the system says, until somebody chooses.

import { $ } from "./dom.js";
import { onLanguage, word } from "./words.js";

const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";

function show() {
  $("theme-button").textContent = word(isDark() ? "theme.light" : "theme.dark");
}

export function startTheme() {
  $("theme-button").addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("batchtx.theme", theme);
    } catch {
      // chosen for this page alone
    }
    show();
  });
  system.addEventListener("change", show);
  onLanguage(show);
}
