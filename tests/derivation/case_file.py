"""A case as text: what driver.cpp reads, and what is kept of a difference (cases/). A line is a word and its values; an "l1" line begins a block, and the
tx, receipt and log lines after it are that block's; a blob is written without the zeros at its end."""

from formats import L1Block, Log, Receipt, Rollup, SystemConfig

NUMBERS = ("block_time", "max_sequencer_drift", "seq_window_size", "channel_timeout", "l2_time", "l2_number")
ADDRESSES = ("batch_inbox", "deposit_contract", "system_config_contract")
BLOB_BYTES = 131_072


def write_case(name: str, rollup: Rollup, blocks: list[L1Block], blobs: dict[bytes, bytes], stutter: int = 0, restarts: int = 0) -> str:
    lines = [f"case {name}", f"l1_fork {rollup.l1_fork.capitalize()} {rollup.l1_chain_id}",
             f"l2_fork {rollup.fork.capitalize()} {rollup.l2_chain_id}"]
    lines += [f"config {key} {getattr(rollup, key)}" for key in NUMBERS]
    lines += [f"config {key} {getattr(rollup, key).hex()}" for key in ADDRESSES]
    lines += [f"config batcher {rollup.config.batcher.hex()}", f"config scalar {rollup.config.scalar.hex()}"]
    lines += [f"config gas_limit {rollup.config.gas_limit}", f"config stutter {stutter}", f"config restarts {restarts}"]
    lines += [f"blob {key.hex()} 0x{blob.rstrip(bytes(1)).hex()}" for key, blob in blobs.items()]
    for block in blocks:
        lines.append("l1 " + block.header.hex())
        lines += ["tx " + tx.hex() for tx in block.transactions]
        for receipt in block.receipts:
            lines.append(f"receipt {int(receipt.succeeded)}")
            lines += [f"log {log.address.hex()} 0x{log.data.hex()} {' '.join(topic.hex() for topic in log.topics)}" for log in receipt.logs]
    return "\n".join([*lines, "end", ""])


def read_case(text: str) -> tuple[str, Rollup, list[L1Block], dict[bytes, bytes]]:
    name, config, forks, blocks, blobs = "", {}, {}, [], {}
    for line in text.splitlines():
        kind, *words = line.split()
        if kind == "case":
            name = words[0]
        elif kind in ("l1_fork", "l2_fork"):
            forks[kind] = words[0].lower(), int(words[1])
        elif kind == "config":
            config[words[0]] = words[1]
        elif kind == "blob":
            blobs[bytes.fromhex(words[0])] = bytes.fromhex(words[1][2:]).ljust(BLOB_BYTES, b"\0")
        elif kind == "l1":
            blocks.append(L1Block(bytes.fromhex(words[0])))
        elif kind == "tx":
            blocks[-1].transactions.append(bytes.fromhex(words[0]))
        elif kind == "receipt":
            blocks[-1].receipts.append(Receipt(words[0] == "1", []))
        elif kind == "log":
            topics = [bytes.fromhex(topic) for topic in words[2:]]
            blocks[-1].receipts[-1].logs.append(Log(bytes.fromhex(words[0]), topics, bytes.fromhex(words[1][2:])))
    rollup = Rollup(
        **{key: int(config[key]) for key in NUMBERS}, **{key: bytes.fromhex(config[key]) for key in ADDRESSES},
        l1_fork=forks["l1_fork"][0], l1_chain_id=forks["l1_fork"][1], fork=forks["l2_fork"][0], l2_chain_id=forks["l2_fork"][1],
        config=SystemConfig(bytes.fromhex(config["batcher"]), bytes.fromhex(config["scalar"]), int(config["gas_limit"])))  # fmt: skip
    return name, rollup, blocks, blobs
