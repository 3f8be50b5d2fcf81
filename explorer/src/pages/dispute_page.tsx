// One claim on L1 and how it is fought over: each match with its clocks, each move.
import { paths } from "../api/client";
import type { Dispute, DisputeMatch, DisputeMove } from "../api/types";
import { useResource } from "../api/use_resource";
import { Hash, OnL1 } from "../components/hash";
import { Card, Fact, Facts, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Table, type Column } from "../components/table";
import { Amount, Time } from "../components/values";
import { formatNumber } from "../format/number";
import { GameStatus, OwnRoot } from "./disputes_page";

const REFRESH_MS = 2000;

const formatClock = (ms: number): string => {
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
};

const Clock = ({ ms }: { ms: number | null }) =>
  ms === null ? <span class="muted">does not run</span> : <>{formatClock(ms)}</>;

const ClaimFacts = ({ dispute }: { dispute: Dispute }) => (
  <Card label="Claim">
    <Facts>
      <Fact name="Game">
        <OnL1 thing="address" value={dispute.game} whole copy="the game's address" />
      </Fact>
      <Fact name="Status">
        <GameStatus claim={dispute} />
      </Fact>
      <Fact name="Claims">
        output root <Hash value={dispute.outputRoot} copy="the output root" /> of block{" "}
        {formatNumber(dispute.l2BlockNumber)}
      </Fact>
      <Fact name="This node">
        <OwnRoot claim={dispute} />
      </Fact>
      <Fact name="Made by">
        <OnL1 thing="address" value={dispute.creator} whole /> <Time ms={dispute.createdAtMs} exact />
      </Fact>
      {dispute.startBlock !== undefined && (
        <Fact name="Starts from">
          block {formatNumber(dispute.startBlock)}
          {dispute.parent ? (
            <>
              , as game <Hash value={dispute.parent} to={`/dispute/${dispute.parent}`} /> claims it
            </>
          ) : (
            ", the anchor"
          )}
        </Fact>
      )}
      {dispute.rules && (
        <Fact name="Rules">
          {dispute.rules.levels} levels of {dispute.rules.rootsPerList} roots, {formatClock(dispute.rules.clockMs)} for
          each side, bond of a list <Amount wei={dispute.rules.listBond} />
        </Fact>
      )}
    </Facts>
  </Card>
);

const MATCH_COLUMNS: readonly Column[] = [
  { name: "Level", kind: "number" },
  { name: "Steps", kind: "number" },
  { name: "Defenders" },
  { name: "Their clock" },
  { name: "Challengers" },
  { name: "Their clock" },
  { name: "State" },
];

const lists = (count: number): string => (count === 1 ? "1 list" : `${count} lists`);

const MatchRow = ({ match }: { match: DisputeMatch }) => (
  <tr>
    <td class="number">{match.level}</td>
    <td class="number" title={`from step ${formatNumber(match.position)}`}>
      {formatNumber(match.steps)}
    </td>
    {match.sides.map(({ side, lists: count, isOut, clockLeftMs }) => (
      <>
        <td key={`${side} lists`}>{isOut && match.isOpen ? <strong>out</strong> : lists(count)}</td>
        <td key={`${side} clock`}>{match.isOpen ? <Clock ms={clockLeftMs} /> : <span class="muted">–</span>}</td>
      </>
    ))}
    <td>{match.isOpen ? "open" : "decided"}</td>
  </tr>
);

const MOVE_MEANS: Record<DisputeMove["kind"], string> = {
  join: "a list about the whole run",
  commit: "a list about a segment",
  open: "a match between two lists, where they first differ",
  beaten: "a list is out",
  resolve: "the game ends",
};

/** As deep as its level: a dispute goes down to one step, and what that decides comes up again. */
const Move = ({ move, number }: { move: DisputeMove; number: number }) => (
  <li class={`move ${move.side ?? "nobody"} ${move.kind}`} style={{ marginInlineStart: `${move.level * 14}px` }}>
    <span class="muted">{number}</span> <strong title={MOVE_MEANS[move.kind]}>{move.kind}</strong>
    {move.side !== null && <span class="tag">{move.side}</span>}
    <span>
      level {move.level}, step {formatNumber(move.position)}
    </span>
    {move.roots > 0 && <span>{move.roots} roots</span>}
    {move.list !== null && (
      <span>
        list <Hash value={move.list} />
      </span>
    )}
    {move.rival !== null && (
      <span>
        {move.kind === "beaten" ? "by" : "against"} <Hash value={move.rival} />
      </span>
    )}
    {move.payee !== null && (
      <span>
        for <OnL1 thing="address" value={move.payee} />
      </span>
    )}
    {move.clockLeftMs !== null && <span>{formatClock(move.clockLeftMs)} left</span>}
    <span class="end">
      <OnL1 thing="tx" value={move.l1TransactionHash} /> <Time ms={move.atMs} />
    </span>
  </li>
);

export function DisputePage({ game }: { game: string }) {
  const dispute = useResource(paths.dispute(game), REFRESH_MS);
  return (
    <Page title="Dispute" tab={`Dispute ${game.slice(0, 10)}`}>
      <Shown resource={dispute} what="game">
        {(data) => (
          <>
            <ClaimFacts dispute={data} />
            {data.matches.length > 0 && (
              <Card title="Matches">
                <Table caption="Matches and their clocks" columns={MATCH_COLUMNS}>
                  {data.matches.map((match) => (
                    <MatchRow key={match.match} match={match} />
                  ))}
                </Table>
              </Card>
            )}
            <Card title="Moves" aside={data.hasMoreMoves && <span class="muted">the first {data.moves.length}</span>}>
              {data.moves.length === 0 ? (
                <Empty>{data.type === "fault" ? "Nobody has disputed it." : "Only the guardian can object to it."}</Empty>
              ) : (
                <ol class="moves">
                  {data.moves.map((move, i) => (
                    <Move key={i} move={move} number={i + 1} />
                  ))}
                </ol>
              )}
            </Card>
          </>
        )}
      </Shown>
    </Page>
  );
}
