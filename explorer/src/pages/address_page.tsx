import { paths } from "../api/client";
import type { Account } from "../api/types";
import { useResource } from "../api/use_resource";
import { Address, Hash } from "../components/hash";
import { Card, Fact, Facts, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Pager } from "../components/table";
import { TxTable } from "../components/tx_rows";
import { Amount } from "../components/values";
import { formatBytes, formatNumber } from "../format/number";

const REFRESH_MS = 2000;

const AccountFacts = ({ account }: { account: Account }) => (
  <Card label={account.isContract ? "Contract" : "Account"}>
    <Facts>
      <Fact name="Address">
        <Address value={account.address} label={account.label} whole copy plain />
      </Fact>
      <Fact name="Balance">
        <Amount wei={account.balance} />
      </Fact>
      <Fact name="Nonce">{formatNumber(account.nonce)}</Fact>
      {account.isContract && (
        <Fact name="Code">
          {formatBytes(account.codeBytes)} <Hash value={account.codeHash} copy="the code's hash" />
        </Fact>
      )}
    </Facts>
  </Card>
);

export function AddressPage({ address, before }: { address: string; before: number | undefined }) {
  const account = useResource(paths.address(address, before), before === undefined ? REFRESH_MS : null);
  return (
    <Page title={account.data?.isContract ? "Contract" : "Address"} tab={`Address ${address.slice(0, 10)}`}>
      <Shown resource={account} what="address">
        {(data) => (
          <>
            <AccountFacts account={data} />
            <Card title="Transactions">
              {data.transactions.length === 0 ? (
                <Empty>
                  {data.next === null
                    ? "None from, to or creating this address."
                    : "None in the blocks looked at so far; older ones have not been searched."}
                </Empty>
              ) : (
                <TxTable
                  transactions={data.transactions}
                  caption="Transactions of the address, newest first"
                  self={data.address}
                />
              )}
              <Pager path={`/address/${address}`} before={before} next={data.next} />
            </Card>
          </>
        )}
      </Shown>
    </Page>
  );
}
