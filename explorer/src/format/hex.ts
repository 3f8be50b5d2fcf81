import { getAddress } from "viem/utils";

export const isHash = (text: string): boolean => /^0x[0-9a-fA-F]{64}$/.test(text);
export const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text);

/** "0x1234…abcd". What is short already stays. */
export function shorten(hex: string, digits = 4): string {
  return hex.length <= 2 * digits + 5 ? hex : `${hex.slice(0, digits + 2)}…${hex.slice(-digits)}`;
}

/** With EIP-55's checksum; what is no address stays as it is. */
export const checksum = (address: string): string => (isAddress(address) ? getAddress(address) : address);

export const byteLength = (hex: string): number => Math.max(0, Math.floor((hex.length - 2) / 2));

// Characters that do not show, or that turn the order of what does: a name must not look like another.
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text of a stranger, with every invisible character written out as ⟨U+202E⟩. */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

/** The UTF-8 text in it; null where it holds none. */
export function decodeUtf8(hex: string): string | null {
  const digits = hex.slice(2);
  if (digits.length === 0 || digits.length % 2 === 1 || !/^[0-9a-fA-F]+$/.test(digits)) return null;
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
  try {
    return printable(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
