import { useEffect } from "preact/hooks";
import { findPredeploy } from "../abi/predeploys";
import { paths } from "../api/client";
import { useResource } from "../api/use_resource";
import { useTitle } from "../components/page";
import { Loading, NotFound, Shown } from "../components/states";
import { navigate } from "../navigation";
import type { SearchResult } from "../api/types";

const HINT =
  "Search by block number, by the hash of a block, transaction or batch, by address, or by the name of a predeploy.";

function Found({ target }: { target: string }) {
  useEffect(() => navigate(target, "replace"), [target]);
  return <Loading />;
}

function Asked({ text }: { text: string }) {
  const found = useResource<SearchResult>(paths.search(text.replaceAll(",", "")), (latest) =>
    latest === null ? 3000 : null,
  );
  if (found.error?.failure === "not-found" || found.error?.failure === "bad-request") {
    return <NotFound title="Nothing found" reason={`Nothing here goes by “${text}”. ${HINT}`} />;
  }
  return (
    <Shown resource={found} what="result">
      {({ target }) => <Found target={target} />}
    </Shown>
  );
}

export function SearchPage({ text }: { text: string }) {
  useTitle("Search");
  if (text === "") return <NotFound title="Search for what?" reason={HINT} />;
  const predeploy = findPredeploy(text);
  return predeploy === null ? <Asked text={text} /> : <Found target={`/address/${predeploy}`} />;
}
