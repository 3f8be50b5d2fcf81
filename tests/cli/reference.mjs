// The part of docs/cli.md that the program itself writes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entresol, root } from "./program.mjs";

export const documentPath = join(root, "docs", "cli.md");
const BEGIN = "<!-- begin of what the program says of itself -->\n";
const END = "<!-- end of what the program says of itself -->\n";

export async function currentReference() {
  const { code, stdout, stderr } = await entresol(["__reference"]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

export function splitDocument() {
  const text = readFileSync(documentPath, "utf8");
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const end = text.indexOf(END);
  if (begin < BEGIN.length || end < begin) throw new Error("docs/cli.md has lost its marks");
  return { before: text.slice(0, begin), reference: text.slice(begin, end), after: text.slice(end) };
}
