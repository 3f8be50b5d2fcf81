// Compiles the contracts with npm's solc: node build.mjs [--out DIR] [--tests] [--force]
// Writes DIR/artifacts.json: {"_meta": {...}, "<Contract>": {abi, initcode, runtime, immutableReferences, storageLayout}}.
// Does nothing when the inputs (sources, settings, compiler, OpenZeppelin) are those of the last build.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

function fail(message) {
  console.error(`contracts: ${message}`);
  process.exit(1);
}

function parseArguments(argv) {
  const options = { out: join(root, "out"), tests: false, force: false };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--out" && argv[i + 1]) options.out = argv[++i];
    else if (argv[i] === "--tests") options.tests = true;
    else if (argv[i] === "--force") options.force = true;
    else fail(`unknown argument '${argv[i]}'; usage: node build.mjs [--out DIR] [--tests] [--force]`);
  }
  return options;
}

function listSolidity(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(".sol") && statSync(path).isFile())
    .sort();
}

/// Settings shared with foundry.toml; solc knows osaka since 0.8.31.
const settings = {
  optimizer: { enabled: true, runs: 10_000 },
  evmVersion: "osaka",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: {
    "*": {
      "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences", "storageLayout"],
    },
  },
};

/// 5159: selfdestruct is deprecated; Burner uses it inside a constructor, which EIP-6780 keeps.
const acceptedWarnings = new Set(["5159"]);

/// Contracts of OpenZeppelin that are deployed as they are; what else its files define is not ours to ship.
const vendored = new Set(["TransparentUpgradeableProxy", "ProxyAdmin"]);

function readImport(path) {
  try {
    return { contents: readFileSync(require.resolve(path), "utf8") };
  } catch {
    return { error: `cannot find ${path}; run 'npm ci' in contracts/` };
  }
}

function packageVersion(name) {
  try {
    return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return fail(`package ${name} is missing; run 'npm ci' in contracts/`);
  }
}

function main() {
  const options = parseArguments(process.argv.slice(2));
  const folders = [join(root, "src"), ...(options.tests ? [join(root, "test", "solidity")] : [])];
  const sources = {};
  for (const folder of folders) {
    for (const path of listSolidity(folder)) sources[relative(root, path)] = { content: readFileSync(path, "utf8") };
  }

  const versions = { solc: packageVersion("solc"), openzeppelin: packageVersion("@openzeppelin/contracts") };
  const builder = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const inputHash = createHash("sha256").update(JSON.stringify([versions, settings, sources, builder])).digest("hex");
  const target = join(options.out, "artifacts.json");
  if (!options.force && existsSync(target)) {
    try {
      if (JSON.parse(readFileSync(target, "utf8"))._meta.inputHash === inputHash) {
        console.log(`contracts: ${target} is up to date`);
        return;
      }
    } catch {
      // Unreadable output of an interrupted run: build again.
    }
  }

  const solc = require("solc");
  console.log(`contracts: compiling ${Object.keys(sources).length} files with solc ${solc.version()}`);
  const input = { language: "Solidity", sources, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const problems = output.errors ?? [];
  const complaints = problems.filter((problem) => !acceptedWarnings.has(problem.errorCode));
  for (const complaint of complaints) console.error(complaint.formattedMessage.trimEnd());
  if (complaints.length) fail("compilation failed; see above (warnings count)");

  const artifacts = { _meta: { inputHash, versions, evmVersion: settings.evmVersion } };
  const origin = {};
  for (const [file, contracts] of Object.entries(output.contracts)) {
    for (const [name, contract] of Object.entries(contracts)) {
      if (!contract.evm.bytecode.object) continue; // interfaces and abstract contracts
      if (file.startsWith("@openzeppelin/") && !vendored.has(name)) continue;
      if (contract.evm.deployedBytecode.object.length === 2 * 31) continue; // libraries of internal functions: an empty shell
      if (origin[name]) fail(`two contracts are called ${name}: in ${origin[name]} and ${file}`);
      origin[name] = file;
      artifacts[name] = {
        abi: contract.abi,
        initcode: "0x" + contract.evm.bytecode.object,
        runtime: "0x" + contract.evm.deployedBytecode.object,
        immutableReferences: contract.evm.deployedBytecode.immutableReferences ?? {},
        storageLayout: (contract.storageLayout?.storage ?? []).map(({ label, slot, offset, type }) => ({ label, slot, offset, type })),
      };
      const size = (artifacts[name].runtime.length - 2) / 2;
      if (size > 24_576) fail(`${name} has ${size} bytes of code; EIP-170 allows 24576`);
    }
  }
  mkdirSync(options.out, { recursive: true });
  writeFileSync(target + ".part", JSON.stringify(artifacts, null, 1));
  renameSync(target + ".part", target); // a reader sees the old file or the new one
  console.log(`contracts: wrote ${Object.keys(artifacts).length - 1} contracts to ${target}`);
}

main();
