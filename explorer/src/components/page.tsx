// The frame of every page: a title for the tab and the heading, then its parts.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Entresol" : `${title} · Entresol`;
  }, [title]);
}

interface PageProps {
  title: string;
  /** For the tab, where the heading's words do not suffice. */
  tab?: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, tab, aside, children }: PageProps) {
  useTitle(tab ?? title);
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
        {aside}
      </div>
      {children}
    </>
  );
}

interface CardProps {
  title?: string;
  /** The name of a card without a title. */
  label?: string;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

export const Card = ({ title, label = title, aside, class: more = "", children }: CardProps) => (
  <section class={`card ${more}`} aria-label={label}>
    {title !== undefined && (
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
    )}
    {children}
  </section>
);

export const Facts = ({ children }: { children: ComponentChildren }) => <dl class="facts">{children}</dl>;

export const Fact = ({ name, help, children }: { name: string; help?: string; children: ComponentChildren }) => (
  <div>
    <dt title={help}>{name}</dt>
    <dd>{children}</dd>
  </div>
);
