// What a page shows while there is nothing to show.
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";
import type { Resource } from "../api/use_resource";
import { printable } from "../format/hex";
import { Link } from "../navigation";

export const Loading = () => (
  <div class="card state" role="status" aria-label="Loading">
    <span class="bar" />
    <span class="bar" />
    <span class="bar" />
  </div>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

interface ProblemProps {
  title: string;
  children?: ComponentChildren;
}

export const Problem = ({ title, children }: ProblemProps) => (
  <section class="card state problem" role="alert">
    <h1>{title}</h1>
    {children}
  </section>
);

export const NotFound = ({ title = "Not found", reason }: { title?: string; reason: string }) => (
  <Problem title={title}>
    <p>{printable(reason)}</p>
    <p>
      <Link to="/">Back to the overview</Link>
    </p>
  </Problem>
);

function Failed({ error, what }: { error: ApiError; what: string }) {
  if (error.failure === "not-found") return <NotFound title={`No such ${what}`} reason={error.message} />;
  if (error.failure === "bad-request") return <NotFound title="Not understood" reason={error.message} />;
  return (
    <Problem title={error.failure === "unreachable" ? "The node does not answer" : "Something went wrong"}>
      <p>{printable(error.message)}</p>
      <p class="muted">Trying again by itself.</p>
    </Problem>
  );
}

interface ShownProps<T> {
  resource: Resource<T>;
  /** One word for what is asked for. */
  what: string;
  children: (data: T) => ComponentChildren;
}

/** The data, once there is any; before that what is in the way. */
export function Shown<T>({ resource, what, children }: ShownProps<T>) {
  if (resource.data !== null) return <>{children(resource.data)}</>;
  return resource.error ? <Failed error={resource.error} what={what} /> : <Loading />;
}
