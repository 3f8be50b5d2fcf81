import { Component, type ComponentChildren } from "preact";
import { Problem } from "./states";

interface BoundaryProps {
  /** Another key (another page) starts afresh. */
  key?: string;
  children: ComponentChildren;
}

/** A page that cannot be drawn says so; the rest of the app goes on. */
export class ErrorBoundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: undefined };

  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <Problem title="This page could not be shown">
        <p>The node's answer holds something that the explorer does not expect. Reloading the page may help.</p>
      </Problem>
    );
  }
}
