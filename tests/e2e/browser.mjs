// Debian's Chromium, watched: what goes wrong in a page, and where it asks.
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** With a profile of its own, which goes with it. */
export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** A page whose `complaints` gather console errors, exceptions and requests to another origin. */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on(
    "console",
    (message) =>
      message.type() === "error" && complaints.push(`console: ${message.text()} (${message.location().url})`),
  );
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on(
    "request",
    (request) => new URL(request.url()).origin !== origin && complaints.push(`request to ${request.url()}`),
  );
  return { page, complaints, go: (path) => page.goto(`${origin}/explorer${path}`) };
}
