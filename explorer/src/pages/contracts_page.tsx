import { PREDEPLOYS } from "../abi/predeploys";
import { useOverview } from "../api/overview";
import { CopyButton } from "../components/copy_button";
import { OnL1 } from "../components/hash";
import { Card, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Table, type Column } from "../components/table";
import { checksum, printable } from "../format/hex";
import { Link } from "../navigation";

const ON_L1: Record<string, string> = {
  anchor_state_registry: "Which outputs count",
  dispute_game_factory: "Where outputs are claimed and may be disputed",
  l1_cross_domain_messenger: "Messages to and from L2, with replay",
  l1_standard_bridge: "Ether and ERC-20 tokens to and from L2",
  optimism_portal: "The door: deposits in, withdrawals out",
  proxy_admin: "May replace the code of the others",
  system_config: "Gas limit, fees and keys of the L2",
  batch_inbox: "Where batches are sent",
};

const WITH_PURPOSE: readonly Column[] = [{ name: "Name" }, { name: "Purpose", kind: "wide" }, { name: "Address" }];

const isCode = (name: string): boolean => name.endsWith("_impl");

const title = (name: string): string =>
  printable(
    name
      .replace(/_impl$/, "")
      .replaceAll("_", " ")
      .replace(/^l(\d)/, "L$1")
      .replace(/^./, (c) => c.toUpperCase()),
  );

const OnL1Table = ({ contracts }: { contracts: Record<string, string> }) => {
  const names = Object.keys(contracts).sort((a, b) => Number(isCode(a)) - Number(isCode(b)) || a.localeCompare(b));
  if (names.length === 0) return <Empty>This node knows none.</Empty>;
  return (
    <Table caption="Contracts on L1" columns={WITH_PURPOSE}>
      {names.map((name) => (
        <tr key={name}>
          <td>{title(name)}</td>
          <td class="wide muted">{isCode(name) ? "The code behind its proxy or its clones" : ON_L1[name]}</td>
          <td>
            <OnL1 thing="address" value={contracts[name]!} whole copy="the address" />
          </td>
        </tr>
      ))}
    </Table>
  );
};

const OnL2Table = () => (
  <Table caption="Contracts on L2" columns={WITH_PURPOSE}>
    {PREDEPLOYS.map(({ address, name, purpose }) => (
      <tr key={address}>
        <td>{name}</td>
        <td class="wide muted">{purpose}</td>
        <td>
          <span class="hash whole">
            <Link to={`/address/${checksum(address)}`} class="mono">
              {checksum(address)}
            </Link>
            <CopyButton text={checksum(address)} what="the address" />
          </span>
        </td>
      </tr>
    ))}
  </Table>
);

export function ContractsPage() {
  return (
    <Page title="Contracts">
      <Card title="On L2, from genesis">
        <OnL2Table />
      </Card>
      <Shown resource={useOverview()} what="list of contracts">
        {({ contracts, l1ChainId }) => (
          <Card title="On L1" aside={<span class="muted">chain {l1ChainId}</span>}>
            <OnL1Table contracts={contracts} />
          </Card>
        )}
      </Shown>
    </Page>
  );
}
