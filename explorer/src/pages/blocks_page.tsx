import { paths } from "../api/client";
import { useResource } from "../api/use_resource";
import { BlockTable } from "../components/block_rows";
import { Card, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Pager } from "../components/table";

const REFRESH_MS = 1000;

export function BlocksPage({ before }: { before: number | undefined }) {
  const blocks = useResource(paths.blocks(before), before === undefined ? REFRESH_MS : null);
  return (
    <Page title="Blocks">
      <Shown resource={blocks} what="list of blocks">
        {({ blocks, next }) => (
          <Card>
            {blocks.length === 0 ? (
              <Empty>No block here.</Empty>
            ) : (
              <BlockTable blocks={blocks} caption="Blocks, newest first" />
            )}
            <Pager path="/blocks" before={before} next={next} />
          </Card>
        )}
      </Shown>
    </Page>
  );
}
