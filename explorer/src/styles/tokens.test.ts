// Contrast of every text colour on every ground it stands on, in both themes: at least AA of WCAG 2.
import { expect, test } from "vitest";
import css from "./tokens.css?raw";

const AA = 4.5;
type Theme = 0 | 1; // light, dark

const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name!,
    [light!, dark!] as const,
  ]),
);

/** Relative luminance, as WCAG defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [dark, light] = [one, other].map((name) => luminance(tokens.get(name)![theme])).sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

const PAIRS: [ink: string, ground: string][] = [
  ...["ink", "muted", "accent", "waiting", "mini", "sealed", "safe", "final", "failed"].flatMap((ink) =>
    ["bg", "surface", "sunken"].map((ground): [string, string] => [ink, ground]),
  ),
  ["accent-ink", "accent"],
  ["surface", "mini"],
  ["warn", "warn-soft"],
];

test.each(PAIRS)("%s on %s can be read in both themes", (ink, ground) => {
  expect(contrast(ink, ground, 0)).toBeGreaterThanOrEqual(AA);
  expect(contrast(ink, ground, 1)).toBeGreaterThanOrEqual(AA);
});

test("every colour has both themes", () => {
  const colours = [...css.matchAll(/--[a-z-]+: [^;]*#/g)].length;
  expect(tokens.size).toBe(colours);
});
