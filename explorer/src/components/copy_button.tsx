import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "./icons";

const SHOWN_MS = 1500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    const writing = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    writing.then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  };
  const says = outcome === "copied" ? "Copied" : outcome === "refused" ? "The browser refused to copy" : `Copy ${what}`;
  return (
    <button type="button" class={`copy ${outcome ?? ""}`} onClick={copy} title={says} aria-label={says}>
      {outcome === "copied" ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
