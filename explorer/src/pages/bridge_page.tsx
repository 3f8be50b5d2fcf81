import { paths } from "../api/client";
import { useOverview } from "../api/overview";
import type { Bridge } from "../api/types";
import { useResource } from "../api/use_resource";
import { DepositTable } from "../bridge/deposit_table";
import { TransferForm } from "../bridge/transfer_form";
import { findWallet } from "../bridge/wallet";
import { WithdrawalList } from "../bridge/withdrawal_list";
import { Card, Page } from "../components/page";
import { Shown } from "../components/states";
import { printable } from "../format/hex";
import { formatSpan } from "../format/time";

const REFRESH_MS = 2000;

function Form() {
  const overview = useOverview().data;
  const portal = overview?.contracts["optimism_portal"];
  const factory = overview?.contracts["dispute_game_factory"];
  if (!overview || portal === undefined || factory === undefined) return null;
  const { l1ChainId, l2ChainId } = overview;
  return <TransferForm chains={{ l1ChainId, l2ChainId, portal, factory, l2Rpc: location.origin }} />;
}

const Periods = ({ periods }: { periods: NonNullable<Bridge["periods"]> }) => (
  <p class="muted">
    Challenge {formatSpan(periods.challengeMs)}, then finality {formatSpan(periods.finalityDelayMs)}; a proof matures in{" "}
    {formatSpan(periods.maturityMs)}
  </p>
);

export function BridgePage() {
  const bridge = useResource(paths.bridge, REFRESH_MS);
  return (
    <Page title="Bridge" aside={bridge.data?.periods && <Periods periods={bridge.data.periods} />}>
      {findWallet() !== null && <Form />}
      <Shown resource={bridge} what="bridge">
        {({ deposits, withdrawals, problem }) => (
          <>
            {problem !== null && (
              <p class="banner" role="alert">
                L1 could not be read: {printable(problem)}
              </p>
            )}
            <Card title="Withdrawals" aside={<span class="muted">L2 to L1</span>}>
              <WithdrawalList withdrawals={withdrawals} />
            </Card>
            <Card title="Deposits" aside={<span class="muted">L1 to L2</span>}>
              <DepositTable deposits={deposits} />
            </Card>
          </>
        )}
      </Shown>
      {findWallet() === null && <Form />}
    </Page>
  );
}
