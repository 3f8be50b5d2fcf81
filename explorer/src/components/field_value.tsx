// One decoded value of a call or log, by its Solidity type.
import type { Field, Reading } from "../abi/codec";
import { byteLength, printable, shorten } from "../format/hex";
import { formatNumber } from "../format/number";
import { Address } from "./hash";

const MAX_BYTES_SHOWN = 32;

function Value({ type, value }: Pick<Field, "type" | "value">) {
  if (typeof value === "bigint" || typeof value === "number") {
    return (
      <span class="mono" title={`0x${value.toString(16)}`}>
        {formatNumber(value)}
      </span>
    );
  }
  const text = String(value);
  if (type === "address") return <Address value={text} whole />;
  if (type === "bytes" && byteLength(text) > MAX_BYTES_SHOWN) {
    return (
      <span class="mono" title={`${byteLength(text)} bytes`}>
        {shorten(text, 2 * MAX_BYTES_SHOWN - 8)}
      </span>
    );
  }
  return <span class="mono whole">{printable(text)}</span>;
}

export const ReadingView = ({ reading }: { reading: Reading }) => (
  <div class="reading">
    <p class="mono">
      <strong>{reading.name}</strong>({reading.fields.map(({ name, type }) => `${type} ${name}`).join(", ")})
    </p>
    {reading.fields.length > 0 && (
      <dl class="facts">
        {reading.fields.map(({ name, type, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value type={type} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    )}
  </div>
);
