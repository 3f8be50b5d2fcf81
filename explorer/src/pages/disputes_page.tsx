import { paths } from "../api/client";
import type { DisputeClaim } from "../api/types";
import { useResource } from "../api/use_resource";
import { Hash, OnL1 } from "../components/hash";
import { Card, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Table, type Column } from "../components/table";
import { Time } from "../components/values";
import { printable } from "../format/hex";
import { formatNumber } from "../format/number";
import { Link } from "../navigation";

const REFRESH_MS = 2000;

const COLUMNS: readonly Column[] = [
  { name: "Game" },
  { name: "Claims block" },
  { name: "Output root", kind: "wide" },
  { name: "This node" },
  { name: "Made by", kind: "wide" },
  { name: "Age" },
  { name: "Status" },
];

const CLASS_OF = { "in progress": "waiting", stands: "ok", fell: "failed" } as const;

export const GameStatus = ({ claim }: { claim: DisputeClaim }) => (
  <span class={`status ${CLASS_OF[claim.status]}`}>{claim.status}</span>
);

export const OwnRoot = ({ claim }: { claim: DisputeClaim }) => {
  if (claim.isOwnRoot === null) return <span class="muted">has no such block</span>;
  return claim.isOwnRoot ? <>agrees</> : <strong>has another root</strong>;
};

const Row = ({ claim }: { claim: DisputeClaim }) => (
  <tr>
    <td>
      <Hash value={claim.game} to={`/dispute/${claim.game}`} />
    </td>
    <td>
      {claim.isOwnRoot === null ? (
        formatNumber(claim.l2BlockNumber)
      ) : (
        <Link to={`/block/${claim.l2BlockNumber}`}>{formatNumber(claim.l2BlockNumber)}</Link>
      )}
    </td>
    <td class="wide">
      <Hash value={claim.outputRoot} />
    </td>
    <td>
      <OwnRoot claim={claim} />
    </td>
    <td class="wide">
      <OnL1 thing="address" value={claim.creator} />
    </td>
    <td>
      <Time ms={claim.createdAtMs} />
    </td>
    <td>
      <GameStatus claim={claim} />
    </td>
  </tr>
);

export function DisputesPage() {
  const games = useResource(paths.disputes, REFRESH_MS);
  return (
    <Page title="Disputes" aside={<p class="muted">Claims about the L2 on L1; a wrong one falls to whoever refutes it</p>}>
      <Shown resource={games} what="list of games">
        {(data) => (
          <>
            {data.problem !== null && (
              <p class="card state problem" role="alert">
                L1 does not answer: {printable(data.problem)}
              </p>
            )}
            <Card label="Games">
              {data.games.length === 0 ? (
                <Empty>No claim yet.</Empty>
              ) : (
                <Table caption="Games, newest first" columns={COLUMNS}>
                  {data.games.map((claim) => (
                    <Row key={claim.index} claim={claim} />
                  ))}
                </Table>
              )}
            </Card>
          </>
        )}
      </Shown>
    </Page>
  );
}
