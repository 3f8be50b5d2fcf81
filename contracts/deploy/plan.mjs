// Resolves deploy/plan.json into concrete steps. The node's genesis builder does the same in C++; README.md describes the format.
import { encodeAbiParameters, encodeFunctionData, getAddress, getContractAddress, numberToHex, pad, parseAbiItem } from "viem";

const splitTypes = (signature) => {
  const inner = signature.slice(signature.indexOf("(") + 1, -1);
  return inner === "" ? [] : inner.split(",");
};

/// Values of all parameters: those given, else the defaults; a missing or unknown one is an error.
export function completeParams(plan, given) {
  for (const name of Object.keys(given)) if (!(name in plan.params)) throw new Error(`plan: unknown parameter ${name}`);
  return Object.fromEntries(
    Object.entries(plan.params).map(([name, { default: fallback }]) => {
      const value = given[name] ?? fallback;
      if (value === null) throw new Error(`plan: parameter ${name} has no default and was not given`);
      return [name, String(value)];
    }),
  );
}

/// {addresses: {name: address}, l1: [step], l2: [step]}, a step being
/// {kind: "transaction", from, nonce, to (absent for a creation), data, as} | {kind: "code", address, code} |
/// {kind: "storage", address, slot, value} | {kind: "balance", address, wei}.
export function resolvePlan(plan, artifacts, givenParams) {
  const params = completeParams(plan, givenParams);
  const deployer = getAddress(params.deployer);
  const firstNonce = BigInt(params.deployer_nonce);

  // Every create and call of l1 is one transaction of the deployer, so each address is known before anything runs.
  const addresses = {};
  const transactions = plan.l1.filter((step) => "create" in step || "call" in step);
  transactions.forEach((step, index) => {
    if (!("create" in step)) return;
    if (step.as in addresses) throw new Error(`plan: two things are called ${step.as}`);
    addresses[step.as] = getContractAddress({ from: deployer, nonce: firstNonce + BigInt(index) });
  });

  const artifact = (name) => artifacts[name] ?? fail(`no contract ${name}`);
  const fail = (message) => {
    throw new Error(`plan: ${message}`);
  };

  const resolve = (argument) => {
    if (typeof argument === "object") return encodeFunction(argument.encode, argument.args);
    if (argument.startsWith("$")) return params[argument.slice(1)] ?? fail(`no parameter ${argument}`);
    if (argument.startsWith("@")) return addresses[argument.slice(1)] ?? fail(`nothing is called ${argument}`);
    return argument;
  };
  const typed = (type, argument) => {
    const value = resolve(argument);
    if (type === "address") return getAddress(value);
    if (type === "bool") return BigInt(value) !== 0n;
    if (type === "bytes" || type === "string") return value;
    if (type.startsWith("bytes")) return pad(value, { size: Number(type.slice(5)) });
    if (type.startsWith("uint")) return Number(type.slice(4)) <= 48 ? Number(value) : BigInt(value);
    return fail(`type ${type} is not part of the format`);
  };
  const typedAll = (types, args) => {
    if (types.length !== args.length) fail(`${types.length} arguments expected, ${args.length} given`);
    return types.map((type, i) => typed(type, args[i]));
  };
  const encodeFunction = (signature, args) =>
    encodeFunctionData({ abi: [parseAbiItem(`function ${signature}`)], args: typedAll(splitTypes(signature), args) });
  const encodeConstructor = (name, args) => {
    const inputs = artifact(name).abi.find((item) => item.type === "constructor")?.inputs ?? [];
    return artifact(name).initcode + encodeAbiParameters(inputs, typedAll(inputs.map(({ type }) => type), args)).slice(2);
  };
  const word = (argument) => {
    const value = resolve(argument);
    return value.startsWith("0x") ? pad(value, { size: 32 }) : numberToHex(BigInt(value), { size: 32 });
  };

  const direct = (step) => {
    if ("set_code" in step) {
      const code = step.code ?? artifact(step.contract).runtime;
      if (step.contract && Object.keys(artifact(step.contract).immutableReferences).length) fail(`${step.contract} has immutables`);
      return { kind: "code", address: getAddress(step.set_code), code };
    }
    if ("set_storage" in step) {
      return { kind: "storage", address: getAddress(resolve(step.set_storage)), slot: word(step.slot), value: word(step.value) };
    }
    if ("set_balance" in step) return { kind: "balance", address: getAddress(resolve(step.set_balance)), wei: BigInt(resolve(step.wei)) };
    return fail(`step ${JSON.stringify(step)} is of no known kind`);
  };
  let nonce = firstNonce;
  const l1 = plan.l1.map((step) => {
    if ("create" in step) {
      return { kind: "transaction", from: deployer, nonce: nonce++, data: encodeConstructor(step.create, step.args), as: step.as };
    }
    if ("call" in step) {
      return { kind: "transaction", from: deployer, nonce: nonce++, to: resolve("@" + step.call), data: encodeFunction(step.function, step.args) };
    }
    return direct(step);
  });
  return { addresses, l1, l2: plan.l2.map(direct) };
}
