// Writes the reference part of docs/cli.md anew.
import { writeFileSync } from "node:fs";
import { currentReference, documentPath, splitDocument } from "./reference.mjs";

const { before, after } = splitDocument();
writeFileSync(documentPath, before + (await currentReference()) + after);
