import { useEffect, useState } from "preact/hooks";
import { MoonIcon, SunIcon } from "./icons";

type Theme = "light" | "dark";
const KEY = "entresol.theme"; // public/theme.js reads it before the first paint
export const THEME_CHANGED = "entresol:theme";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = (): Theme => (prefersDark.matches ? "dark" : "light");
const currentTheme = (): Theme => (document.documentElement.dataset.theme as Theme | undefined) ?? systemTheme();

/** The system's own choice is not written down: it may change with the hour. */
function choose(theme: Theme): void {
  const own = theme === systemTheme() ? null : theme;
  if (own === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = own;
  try {
    if (own === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, own);
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
  dispatchEvent(new Event(THEME_CHANGED));
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => {
    const update = () => setTheme(currentTheme());
    prefersDark.addEventListener("change", update);
    addEventListener(THEME_CHANGED, update);
    return () => {
      prefersDark.removeEventListener("change", update);
      removeEventListener(THEME_CHANGED, update);
    };
  }, []);
  return theme;
}

export function ThemeToggle() {
  const other = useTheme() === "dark" ? "light" : "dark";
  const says = `Switch to the ${other} theme`;
  return (
    <button type="button" class="icon-button" onClick={() => choose(other)} aria-label={says} title={says}>
      {other === "dark" ? <MoonIcon /> : <SunIcon />}
    </button>
  );
}
