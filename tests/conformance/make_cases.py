#!/usr/bin/env python3
"""Writes cases/*.json: small state tests in the public suites' format, for a plain clone that has no vectors.

The states after are worked out here, by hand, from the EIPs; transactions are signed by eth-account and roots computed by py-trie, so that nothing in
a case comes from the code that it tests. Needs the PyPI packages eth-account, trie and rlp; the cases are committed, so nobody else does.

Usage: make_cases.py"""

import json
import pathlib

import rlp
import trie
from eth_account import Account
from eth_utils import keccak, to_checksum_address

KEY = "0x" + "45" * 32
SENDER = Account.from_key(KEY).address.lower()
AUTHORITY_KEY = "0x" + "46" * 32
AUTHORITY = Account.from_key(AUTHORITY_KEY).address.lower()
TARGET = "0x" + "c0" * 20
MINER = "0x" + "2a" * 20
ETHER = 10**18
PRICE = 10
BLOBS = {
    "Cancun": {"target": "0x03", "max": "0x06", "baseFeeUpdateFraction": "0x32f0ed"},
    "Prague": {"target": "0x06", "max": "0x09", "baseFeeUpdateFraction": "0x4c6964"},
    "Osaka": {"target": "0x06", "max": "0x09", "baseFeeUpdateFraction": "0x4c6964"},
}
ORDER = ["Frontier", "Homestead", "Byzantium", "ConstantinopleFix", "Istanbul", "Berlin", "London", "Paris", "Shanghai", "Cancun", "Prague", "Osaka"]


def account(balance=0, nonce=0, code="", storage=None):
    return {"balance": balance, "nonce": nonce, "code": code, "storage": storage or {}}


def number(value):
    return hex(value)


def strip(value):
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def root_of(pairs):
    tree = trie.HexaryTrie({})
    for key, value in pairs:
        tree[keccak(key)] = value
    return tree.root_hash


def state_root(accounts):
    pairs = []
    for address, a in accounts.items():
        storage = root_of((k.to_bytes(32, "big"), rlp.encode(strip(v))) for k, v in a["storage"].items() if v)
        leaf = [strip(a["nonce"]), strip(a["balance"]), storage, keccak(bytes.fromhex(a["code"]))]
        pairs.append((bytes.fromhex(address[2:]), rlp.encode(leaf)))
    return "0x" + root_of(pairs).hex()


def shown(accounts):
    return {
        address: {
            "nonce": number(a["nonce"]),
            "balance": number(a["balance"]),
            "code": "0x" + a["code"],
            "storage": {number(k): number(v) for k, v in a["storage"].items() if v},
        }
        for address, a in accounts.items()
    }


def has_base_fee(fork):
    return ORDER.index(fork) >= ORDER.index("London")


def case(fork, pre, tx, post, error=None, logs=b"\xc0"):
    """post: the accounts after, but for the sender and the miner, or nothing when the transaction is refused; gas is what it uses."""
    signed = Account.sign_transaction(tx | ({"to": to_checksum_address(tx["to"])} if "to" in tx else {}), KEY)
    env = {"currentCoinbase": MINER, "currentGasLimit": "0x1c9c380", "currentNumber": "0x1", "currentTimestamp": "0x3e8",
           "currentDifficulty": "0x20000" if ORDER.index(fork) < ORDER.index("Paris") else "0x0",
           "currentRandom": "0x" + "00" * 32}
    if has_base_fee(fork):
        env["currentBaseFee"] = "0x7"
    if fork in BLOBS:
        env["currentExcessBlobGas"] = "0x0"
    entry = {"hash": state_root(post), "logs": "0x" + keccak(logs).hex(), "txbytes": "0x" + signed.raw_transaction.hex().removeprefix("0x"),
             "indexes": {"data": 0, "gas": 0, "value": 0}, "state": shown(post)}
    if error:
        entry["expectException"] = "TransactionException." + error
    config = {"chainid": "0x01"}
    if fork in BLOBS:
        config["blobSchedule"] = {fork: BLOBS[fork]}
    return {"env": env, "pre": shown(pre), "transaction": {"sender": SENDER}, "post": {fork: [entry]}, "config": config}


def legacy(gas, to=TARGET, value=0, data="0x", nonce=0, chain_id=1):
    tx = {"nonce": nonce, "gasPrice": PRICE, "gas": gas, "value": value, "data": data}
    if chain_id:
        tx["chainId"] = chain_id
    if to:
        tx["to"] = to
    return tx


def settle(fork, pre, gas, value=0, price=PRICE, others=None, burnt=0):
    """The state after `gas` is used at `price`: what each account has beside the sender's and the miner's share."""
    tip = price - 7 if has_base_fee(fork) else price
    post = {address: dict(a) for address, a in pre.items()}
    post.update(others or {})
    post[SENDER] = account(pre[SENDER]["balance"] - gas * price - value - burnt, pre[SENDER]["nonce"] + 1, pre[SENDER]["code"])
    post[MINER] = account(tip * gas)
    return {address: a for address, a in post.items() if a is not None}


def world(code="", storage=None, balance=0, nonce=1):
    return {SENDER: account(ETHER), TARGET: account(balance, nonce, code, storage)}


def transfers():
    for fork in ORDER:
        pre = world()
        protected = 1 if ORDER.index(fork) >= ORDER.index("Byzantium") else None  # EIP-155
        yield f"transfer {fork}", case(fork, pre, legacy(50_000, value=3, chain_id=protected), settle(fork, pre, 21_000, 3, others={TARGET: account(3, 1)}))
    pre = world()
    dynamic = {"type": 2, "chainId": 1, "nonce": 0, "maxFeePerGas": 20, "maxPriorityFeePerGas": 2, "gas": 21_000, "to": TARGET, "value": 1}
    yield "dynamic fee", case("London", pre, dynamic, settle("London", pre, 21_000, 1, price=9, others={TARGET: account(1, 1)}))
    listed = {"type": 1, "chainId": 1, "nonce": 0, "gasPrice": PRICE, "gas": 50_000, "to": TARGET, "value": 0,
              "accessList": [{"address": to_checksum_address(TARGET), "storageKeys": ["0x" + "00" * 31 + "01"]}]}
    pre = world(code="600154" + "50")  # SLOAD(1), POP: the slot is warm
    yield "access list", case("Berlin", pre, listed, settle("Berlin", pre, 21_000 + 2_400 + 1_900 + 3 + 100 + 2))


def refusals():
    pre = world()
    yield "nonce too high", case("Osaka", pre, legacy(21_000, nonce=1), pre, "NONCE_MISMATCH_TOO_HIGH")
    yield "intrinsic gas", case("Osaka", pre, legacy(20_999), pre, "INTRINSIC_GAS_TOO_LOW")
    yield "funds", case("Osaka", pre, legacy(21_000, value=ETHER), pre, "INSUFFICIENT_ACCOUNT_FUNDS")
    yield "gas cap (EIP-7825)", case("Osaka", pre, legacy(2**24 + 1), pre, "GAS_LIMIT_EXCEEDS_MAXIMUM")
    yield "no gas cap before", case("Prague", pre, legacy(2**24 + 1), settle("Prague", pre, 21_000))
    yield "floor (EIP-7623)", case("Prague", pre, legacy(60_999, data="0x" + "01" * 1_000), pre, "INTRINSIC_GAS_TOO_LOW")
    yield "floor paid", case("Prague", pre, legacy(61_000, data="0x" + "01" * 1_000), settle("Prague", pre, 61_000))
    contract = {SENDER: account(ETHER, 0, "00"), TARGET: account(0, 1)}
    yield "sender with code (EIP-3607)", case("London", contract, legacy(21_000), contract, "SENDER_NOT_EOA")


def storage():
    for fork, cap in (("Berlin", 13_003), ("London", 4_800)):
        pre = world(code="6000600055", storage={0: 1})  # SSTORE(0, 0)
        used = 21_000 + 3 + 3 + 5_000
        yield f"clearing refund {fork}", case(fork, pre, legacy(100_000), settle(fork, pre, used - cap, others={TARGET: account(0, 1, "6000600055")}))
    code = "6001600055" + "5f5ffd"  # SSTORE(0, 1), REVERT(0, 0)
    pre = world(code=code)
    yield "revert", case("Cancun", pre, legacy(100_000, value=5), settle("Cancun", pre, 21_000 + 6 + 22_100 + 4))
    code = "602a60015d" + "60015c" + "600055"  # TSTORE(1, 42), SSTORE(0, TLOAD(1))
    pre = world(code=code)
    after = {TARGET: account(0, 1, code, {0: 42})}
    yield "transient storage (EIP-1153)", case("Cancun", pre, legacy(100_000), settle("Cancun", pre, 21_000 + 6 + 100 + 3 + 100 + 3 + 22_100, others=after))


def opcodes():
    code = "5f5f55"  # PUSH0 PUSH0 SSTORE
    pre = world(code=code)
    yield "PUSH0 is invalid before Shanghai", case("Paris", pre, legacy(60_000), settle("Paris", pre, 60_000))
    yield "PUSH0 (EIP-3855)", case("Shanghai", pre, legacy(60_000), settle("Shanghai", pre, 21_000 + 4 + 2_200))
    code = "6001" + "1e" + "600055"  # SSTORE(0, CLZ(1))
    pre = world(code=code)
    after = {TARGET: account(0, 1, code, {0: 255})}
    yield "CLZ (EIP-7939)", case("Osaka", pre, legacy(100_000), settle("Osaka", pre, 21_000 + 3 + 5 + 3 + 22_100, others=after))
    heir = "0x" + "11" * 20
    code = "73" + "11" * 20 + "ff"  # SELFDESTRUCT to the heir
    for fork in ("Shanghai", "Cancun"):  # EIP-6780
        pre = world(code=code, balance=9)
        after = {heir: account(9), TARGET: None if fork == "Shanghai" else account(0, 1, code)}
        yield f"SELFDESTRUCT {fork}", case(fork, pre, legacy(100_000), settle(fork, pre, 21_000 + 3 + 5_000 + 2_600 + 25_000, others=after))


def creations():
    initcode = "60fe5f53" + "60015ff3"  # MSTORE8(0, 0xfe), RETURN(0, 1): refused by EIP-3541 only for 0xef
    pre = {SENDER: account(ETHER)}
    created = "0x" + keccak(rlp.encode([bytes.fromhex(SENDER[2:]), b""]))[12:].hex()
    gas = 53_000 + 8 * 16 + 2 + (3 + 2 + 3 + 3) + (3 + 2 + 0) + 200
    yield "create", case("Shanghai", pre, legacy(200_000, to=None, data="0x" + initcode, value=4),
                         settle("Shanghai", pre, gas, 4, others={created: account(4, 1, "fe")}))
    initcode = "60ef5f53" + "60015ff3"
    yield "create 0xef (EIP-3541)", case("Shanghai", pre, legacy(200_000, to=None, data="0x" + initcode), settle("Shanghai", pre, 200_000))


def blobs():
    pre = world(code="5f49" + "5f55")  # SSTORE(0, BLOBHASH(0))
    blob_hash = "0x01" + "ab" * 31
    tx = {"type": 3, "chainId": 1, "nonce": 0, "maxFeePerGas": 20, "maxPriorityFeePerGas": 2, "gas": 100_000, "to": TARGET, "value": 0,
          "maxFeePerBlobGas": 5, "blobVersionedHashes": [blob_hash]}
    after = {TARGET: account(0, 1, "5f495f55", {0: int(blob_hash, 16)})}
    yield "blob", case("Cancun", pre, tx, settle("Cancun", pre, 21_000 + 2 + 3 + 2 + 22_100, price=9, others=after, burnt=131_072))
    for name, hashes, error in (("other version", ["0x02" + "ab" * 31], "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"),
                                ("too many", [blob_hash] * 7, "TYPE_3_TX_BLOB_COUNT_EXCEEDED")):
        yield f"blob: {name}", case("Cancun", pre, tx | {"blobVersionedHashes": hashes}, pre, error)


def delegations():
    signed = Account.sign_authorization({"chainId": 1, "address": to_checksum_address(TARGET), "nonce": 0}, AUTHORITY_KEY)
    code = "6001600055"  # SSTORE(0, 1), in the authority's storage
    pre = world(code=code)
    tx = {"type": 4, "chainId": 1, "nonce": 0, "maxFeePerGas": 20, "maxPriorityFeePerGas": 2, "gas": 200_000, "to": AUTHORITY, "value": 0,
          "authorizationList": [signed]}
    after = {AUTHORITY: account(0, 1, "ef0100" + TARGET[2:], {0: 1})}
    yield "delegation (EIP-7702)", case("Prague", pre, tx, settle("Prague", pre, 21_000 + 25_000 + 6 + 22_100, price=9, others=after))
    existing = pre | {AUTHORITY: account(1)}
    after = {AUTHORITY: account(1, 1, "ef0100" + TARGET[2:], {0: 1})}
    used = 21_000 + 25_000 + 6 + 22_100
    yield "delegation of an existing account", case("Prague", existing, tx, settle("Prague", existing, used - min(12_500, used // 5), price=9, others=after))


def main():
    folder = pathlib.Path(__file__).resolve().parent / "cases"
    for group in (transfers, refusals, storage, opcodes, creations, blobs, delegations):
        tests = dict(group())
        (folder / f"{group.__name__}.json").write_text(json.dumps(tests, indent=1) + "\n")
        print(group.__name__, len(tests))


if __name__ == "__main__":
    main()
