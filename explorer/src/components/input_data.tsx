import { useState } from "preact/hooks";
import { decodeCall } from "../abi/codec";
import { byteLength, decodeUtf8 } from "../format/hex";
import { formatBytes } from "../format/number";
import { CopyButton } from "./copy_button";
import { ReadingView } from "./field_value";
import { Card } from "./page";
import { Toggle } from "./toggle";

type Form = "decoded" | "hex" | "utf-8";

/** Call data: what it says where that is known, as bytes, as text. A creation's input is code. */
export function InputData({ input, isCreation }: { input: string; isCreation: boolean }) {
  const reading = isCreation ? null : decodeCall(input);
  const text = decodeUtf8(input);
  const forms: Form[] = [
    ...(reading ? (["decoded"] as const) : []),
    "hex",
    ...(text !== null ? (["utf-8"] as const) : []),
  ];
  const [chosen, setChosen] = useState<Form | null>(null);
  const form = chosen !== null && forms.includes(chosen) ? chosen : forms[0]!;
  return (
    <Card
      title={isCreation ? "Creation code" : "Input data"}
      aside={
        <div class="aside">
          <span class="muted">{formatBytes(byteLength(input))}</span>
          {forms.length > 1 && <Toggle label="Show the input as" options={forms} chosen={form} onChoose={setChosen} />}
          <CopyButton text={input} what="the input" />
        </div>
      }
    >
      {form === "decoded" && reading ? (
        <ReadingView reading={reading} />
      ) : (
        <pre class="bytes">{form === "utf-8" ? text : input}</pre>
      )}
    </Card>
  );
}
