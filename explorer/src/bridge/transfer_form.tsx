import { useState } from "preact/hooks";
import { CopyButton } from "../components/copy_button";
import { Hash, OnL1 } from "../components/hash";
import { Card } from "../components/page";
import { Toggle } from "../components/toggle";
import { isAddress, printable } from "../format/hex";
import { parseEth } from "../format/wei";
import { makeSnippet, type SnippetChains } from "./snippet";
import { findWallet, sendTransfer, WalletError, type Direction, type Transfer } from "./wallet";

type Progress =
  | { step: "idle" }
  | { step: "asking" }
  | { step: "sent"; hash: string; direction: Direction }
  | { step: "failed"; words: string };

const DIRECTIONS = ["deposit", "withdrawal"] as const;
const EXPLAINED: Record<Direction, string> = {
  deposit: "L1 to L2. The portal takes the ether; the L2 mints it with the block of the deposit's L1 origin.",
  withdrawal:
    "L2 to L1. It starts here; once an output holds it, it is proven on L1, and paid out when the challenge is over.",
};

function read(direction: Direction, amount: string, to: string): Transfer | string {
  const wei = parseEth(amount);
  if (wei === null || wei === 0n) return "The amount is a number of ETH above zero, with at most 18 decimals.";
  const recipient = to.trim();
  if (recipient !== "" && !isAddress(recipient)) return "The recipient is an address: 0x and 40 hex digits.";
  return { direction, wei, to: recipient === "" ? null : recipient };
}

const Sent = ({ hash, direction }: { hash: string; direction: Direction }) => (
  <p class="outcome ok" role="status">
    Sent:{" "}
    {direction === "deposit" ? (
      <OnL1 thing="tx" value={hash} copy="the hash" />
    ) : (
      <Hash value={hash} to={`/tx/${hash}`} copy="the hash" />
    )}
    . It appears below in a moment.
  </p>
);

function Form({ direction, chains }: { direction: Direction; chains: SnippetChains }) {
  const [amount, setAmount] = useState("");
  const [to, setTo] = useState("");
  const [progress, setProgress] = useState<Progress>({ step: "idle" });
  const send = async (event: Event) => {
    event.preventDefault();
    const wallet = findWallet();
    const transfer = read(direction, amount, to);
    if (typeof transfer === "string" || wallet === null) {
      setProgress({ step: "failed", words: typeof transfer === "string" ? transfer : "The wallet is gone." });
      return;
    }
    setProgress({ step: "asking" });
    try {
      setProgress({ step: "sent", hash: await sendTransfer(wallet, transfer, chains, chains.l2Rpc), direction });
      setAmount("");
    } catch (error) {
      setProgress({ step: "failed", words: error instanceof WalletError ? error.message : String(error) });
    }
  };
  return (
    <form class="transfer" onSubmit={send} noValidate>
      <label>
        Amount in ETH
        <input
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          placeholder="0.1"
          value={amount}
          onInput={(event) => setAmount(event.currentTarget.value)}
        />
      </label>
      <label>
        Recipient on {direction === "deposit" ? "L2" : "L1"}
        <input
          name="to"
          autoComplete="off"
          spellcheck={false}
          placeholder="your own address"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" disabled={progress.step === "asking"}>
        {progress.step === "asking" ? "Waiting for the wallet…" : direction === "deposit" ? "Deposit" : "Withdraw"}
      </button>
      {progress.step === "failed" && (
        <p class="outcome failed" role="alert">
          {printable(progress.words)}
        </p>
      )}
      {progress.step === "sent" && <Sent hash={progress.hash} direction={progress.direction} />}
    </form>
  );
}

export function TransferForm({ chains }: { chains: SnippetChains }) {
  const [direction, setDirection] = useState<Direction>("deposit");
  const [hasWallet] = useState(() => findWallet() !== null);
  const snippet = makeSnippet(direction, chains);
  return (
    <Card
      title="Move ether"
      aside={<Toggle label="Direction" options={DIRECTIONS} chosen={direction} onChoose={setDirection} />}
    >
      <p class="muted lead">{EXPLAINED[direction]}</p>
      {hasWallet ? (
        <Form key={direction} direction={direction} chains={chains} />
      ) : (
        <p class="lead">This needs a wallet in the browser, and there is none. The same with viem, from a script:</p>
      )}
      <details open={!hasWallet}>
        <summary>{direction === "deposit" ? "Deposit with viem" : "The whole withdrawal with viem"}</summary>
        <div class="snippet">
          <CopyButton text={snippet} what="the script" />
          <pre tabIndex={0}>{snippet}</pre>
        </div>
      </details>
    </Card>
  );
}
