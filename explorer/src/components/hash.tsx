import { checksum, printable, shorten } from "../format/hex";
import { findName } from "../abi/predeploys";
import { l1Link, type L1Thing } from "../l1_links";
import { useOverview } from "../api/overview";
import { Link } from "../navigation";
import { CopyButton } from "./copy_button";

interface HashProps {
  value: string;
  /** Page of the app about it. */
  to?: string;
  whole?: boolean;
  /** What the copy button copies; no button without. */
  copy?: string;
}

export function Hash({ value, to, whole, copy }: HashProps) {
  const text = whole ? value : shorten(value);
  return (
    <span class={whole ? "hash whole" : "hash"}>
      {to === undefined ? (
        <span class="mono" title={value}>
          {text}
        </span>
      ) : (
        <Link to={to} class="mono" title={value}>
          {text}
        </Link>
      )}
      {copy !== undefined && <CopyButton text={value} what={copy} />}
    </span>
  );
}

interface AddressProps {
  value: string;
  whole?: boolean;
  copy?: boolean;
  label?: string | null;
  /** The page that is about this very address does not link to itself. */
  plain?: boolean;
}

/** An L2 address: the name of what is known there, else shortened in the middle. */
export function Address({ value, whole, copy, label, plain }: AddressProps) {
  const address = checksum(value);
  const name = label ?? findName(value);
  const text = whole ? address : name ? printable(name) : shorten(address);
  const shown = { class: name && !whole ? "named" : "mono", title: address };
  return (
    <span class={whole ? "hash whole" : "hash"}>
      {plain ? (
        <span {...shown}>{text}</span>
      ) : (
        <Link to={`/address/${address}`} {...shown}>
          {text}
        </Link>
      )}
      {whole && name && <span class="tag">{printable(name)}</span>}
      {copy && <CopyButton text={address} what="the address" />}
    </span>
  );
}

interface L1Props {
  thing: L1Thing;
  value: string | number;
  whole?: boolean;
  copy?: string;
}

/** Something on L1: linked where that L1 has a public explorer. */
export function OnL1({ thing, value, whole, copy }: L1Props) {
  const { data } = useOverview();
  const id = typeof value === "number" ? value : thing === "address" ? checksum(value) : value;
  const text = typeof id === "number" ? `#${id}` : whole ? id : shorten(id);
  const href = l1Link(data?.l1ChainId, thing, id);
  const shown = { class: "mono", title: `${id} on L1` };
  return (
    <span class={whole ? "hash whole" : "hash"}>
      {href === null ? (
        <span {...shown}>{text}</span>
      ) : (
        <a href={href} target="_blank" rel="noreferrer noopener" {...shown}>
          {text}
        </a>
      )}
      {copy !== undefined && <CopyButton text={String(id)} what={copy} />}
    </span>
  );
}
