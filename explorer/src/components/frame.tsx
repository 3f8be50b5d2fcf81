import { useOverview } from "../api/overview";
import { printable } from "../format/hex";
import { Link } from "../navigation";
import type { Route } from "../router";
import { Logo } from "./icons";
import { SearchBox } from "./search_box";
import { ThemeToggle } from "./theme_toggle";

const NAVIGATION: { to: string; name: string; pages: readonly Route["page"][] }[] = [
  { to: "/", name: "Overview", pages: ["overview"] },
  { to: "/blocks", name: "Blocks", pages: ["blocks", "block"] },
  { to: "/batches", name: "Batches", pages: ["batches", "batch"] },
  { to: "/disputes", name: "Disputes", pages: ["disputes", "dispute"] },
  { to: "/bridge", name: "Bridge", pages: ["bridge"] },
  { to: "/contracts", name: "Contracts", pages: ["contracts"] },
];

export const Header = ({ page }: { page: Route["page"] }) => (
  <header class="top">
    <a class="skip" href="#main">
      Skip to the content
    </a>
    <div class="inner">
      <Link to="/" class="brand" label="Entresol, overview">
        <Logo />
        <span>Entresol</span>
      </Link>
      <nav aria-label="Pages">
        {NAVIGATION.map(({ to, name, pages }) => (
          <Link key={to} to={to} current={pages.includes(page)}>
            {name}
          </Link>
        ))}
      </nav>
      <SearchBox />
      <ThemeToggle />
    </div>
  </header>
);

export function Footer() {
  const overview = useOverview().data;
  return (
    <footer class="bottom">
      {overview && (
        <>
          <span>{printable(overview.client)}</span>
          {overview.devnet && <span class="tag">devnet</span>}
          <span>
            RPC <span class="mono">{location.origin}</span>
          </span>
        </>
      )}
    </footer>
  );
}
