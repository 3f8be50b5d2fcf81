import { useOverview } from "../api/overview";
import { printable } from "../format/hex";

/** What is wrong with the node or with the way to it, above every page. */
export function Banners() {
  const { data, error } = useOverview();
  const problem = data?.problem ?? null;
  return (
    <>
      {error && data && (
        <p class="banner" role="alert">
          <strong>Not live:</strong> {printable(error.message)} What you see is what it said last.
        </p>
      )}
      {problem !== null && (
        <p class="banner" role="alert">
          <strong>The node has a problem:</strong> {printable(problem)}
        </p>
      )}
    </>
  );
}
