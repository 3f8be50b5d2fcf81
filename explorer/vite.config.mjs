import { defineConfig } from "vite";

export default defineConfig({
  base: "/explorer/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // light-dark() stays as it is written
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the page's policy allows no data: URLs
    rollupOptions: { output: { hashCharacters: "hex" } }, // the server tells a hashed name by the length behind the last dash
  },
  server: { proxy: { "/api": "http://127.0.0.1:8545" } },
  test: { environment: "node", css: true, include: ["src/**/*.test.ts"] },
});
