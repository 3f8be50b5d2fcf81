// A table of the README between its markers: `node bench/NAME/table.mjs` prints it, --write FILE puts it there, --check FILE fails when FILE holds another.
import { readFileSync, writeFileSync } from "node:fs";

/** `script` is the table's own path from the repository's root; its markers name it. */
export function serve_table(script, table) {
  const [option, file] = process.argv.slice(2);
  if (option === undefined) return console.log(table);
  const BEGIN = `<!-- ${script}: begin -->`, END = `<!-- ${script}: end -->`;
  const text = readFileSync(file, "utf8");
  const begin = text.indexOf(BEGIN), end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file} has no markers ${BEGIN} … ${END}`);
  const wanted = `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
  if (option === "--write") writeFileSync(file, wanted);
  else if (option !== "--check") throw new Error(`unknown option ${option}: --write FILE or --check FILE`);
  else if (wanted !== text) {
    console.error(`${file} does not hold the table of the results: node ${script} --write ${file}`);
    process.exitCode = 1;
  }
}
