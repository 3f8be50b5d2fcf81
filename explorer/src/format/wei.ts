import { formatUnits } from "viem/utils";
import { formatNumber } from "./number";

const DECIMALS_SHOWN = 6;
const UNITS: [at_least_wei: bigint, decimals: number, name: string][] = [
  [10n ** 12n, 18, "ETH"],
  [10n ** 5n, 9, "gwei"],
  [0n, 0, "wei"],
];

/** Wei as the API gives them; null where that is no amount. */
export function parseWei(text: string): bigint | null {
  return /^\d{1,78}$/.test(text) ? BigInt(text) : null;
}

/** At most six decimals; cut, never rounded up: nobody is shown more than there is. */
export function formatDecimals(value: bigint, decimals: number): string {
  const [whole = "0", fraction = ""] = formatUnits(value, decimals).split(".");
  const shown = fraction.slice(0, DECIMALS_SHOWN).replace(/0+$/, "");
  return formatNumber(BigInt(whole)) + (shown && `.${shown}`);
}

/** In the unit that suits its size: ETH, gwei or wei. */
export function formatWei(wei: bigint): string {
  if (wei === 0n) return "0 ETH";
  const [, decimals, name] = UNITS.find(([at_least]) => wei >= at_least)!;
  return `${formatDecimals(wei, decimals)} ${name}`;
}

export const formatExactWei = (wei: bigint): string => `${formatNumber(wei)} wei`;

/** The wei of an amount in ETH that somebody typed; null where it is none, or has more than 18 decimals. */
export function parseEth(text: string): bigint | null {
  const match = /^(\d{1,30})(?:\.(\d{1,18}))?$/.exec(text.trim());
  return match ? BigInt(match[1]!) * 10n ** 18n + BigInt((match[2] ?? "").padEnd(18, "0")) : null;
}
