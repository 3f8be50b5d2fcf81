// Writes x.gz beside each text file x of dist/: the server hands it to whoever accepts gzip. Keeps the app within its size.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const SCRIPTS_LIMIT_BYTES = 60 * 1024; // all scripts together, compressed
const folder = new URL("dist/", import.meta.url);
let scripts = 0;
for (const name of readdirSync(folder, { recursive: true }).filter((file) =>
  /\.(css|html|js|json|svg|txt)$/.test(file),
)) {
  const packed = gzipSync(readFileSync(new URL(name, folder)), { level: 9 });
  writeFileSync(new URL(`${name}.gz`, folder), packed);
  if (name.endsWith(".js")) scripts += packed.length;
}
console.log(`scripts: ${scripts} of ${SCRIPTS_LIMIT_BYTES} bytes, compressed`);
if (scripts > SCRIPTS_LIMIT_BYTES) throw new Error("the explorer's scripts have outgrown their limit");
