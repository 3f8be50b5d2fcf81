// The frame around all pages: header, what is wrong, the page of the route, footer.
import { useEffect, useRef } from "preact/hooks";
import { paths } from "./api/client";
import { OverviewContext } from "./api/overview";
import type { Overview } from "./api/types";
import { useResource, type Resource } from "./api/use_resource";
import { Banners } from "./components/banners";
import { ErrorBoundary } from "./components/error_boundary";
import { Footer, Header } from "./components/frame";
import { isTyping } from "./components/search_box";
import { NotFound } from "./components/states";
import { useRoute } from "./navigation";
import { AddressPage } from "./pages/address_page";
import { BatchPage } from "./pages/batch_page";
import { BatchesPage } from "./pages/batches_page";
import { BlockPage } from "./pages/block_page";
import { BlocksPage } from "./pages/blocks_page";
import { BridgePage } from "./pages/bridge_page";
import { ContractsPage } from "./pages/contracts_page";
import { DisputePage } from "./pages/dispute_page";
import { DisputesPage } from "./pages/disputes_page";
import { OverviewPage } from "./pages/overview_page";
import { SearchPage } from "./pages/search_page";
import { TxPage } from "./pages/tx_page";
import type { Route } from "./router";
import { setNodeTime } from "./time/clock";

const LIVE_MS = 1000;
const BESIDE_MS = 4000; // on pages that only take names and heads from it

function PageOf({ route, overview }: { route: Route; overview: Resource<Overview> }) {
  switch (route.page) {
    case "overview":
      return <OverviewPage resource={overview} />;
    case "blocks":
      return <BlocksPage before={route.before} />;
    case "block":
      return <BlockPage id={route.id} />;
    case "tx":
      return <TxPage hash={route.hash} />;
    case "address":
      return <AddressPage address={route.address} before={route.before} />;
    case "batches":
      return <BatchesPage />;
    case "batch":
      return <BatchPage hash={route.hash} />;
    case "disputes":
      return <DisputesPage />;
    case "dispute":
      return <DisputePage game={route.game} />;
    case "bridge":
      return <BridgePage />;
    case "contracts":
      return <ContractsPage />;
    case "search":
      return <SearchPage text={route.text} />;
    case "not-found":
      return <NotFound reason={route.reason} />;
  }
}

export function App() {
  const route = useRoute();
  const overview = useResource(paths.overview, route.page === "overview" ? LIVE_MS : BESIDE_MS);
  const main = useRef<HTMLElement>(null);
  const key = JSON.stringify(route);
  const firstKey = useRef(key);
  if (overview.data) setNodeTime(overview.data.nowMs);
  useEffect(() => {
    // A screen reader starts at the new page; who is typing already is left alone.
    if (firstKey.current !== key && !isTyping(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [key]);
  return (
    <OverviewContext.Provider value={overview}>
      <Header page={route.page} />
      <Banners />
      <main id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary key={key}>
          <PageOf key={key} route={route} overview={overview} />
        </ErrorBoundary>
      </main>
      <Footer />
    </OverviewContext.Provider>
  );
}
