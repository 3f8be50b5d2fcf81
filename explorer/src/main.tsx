import { render } from "preact";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/tables.css";
import "./styles/overview.css";
import "./styles/timeline.css";
import "./styles/bridge.css";
import "./styles/disputes.css";

render(<App />, document.getElementById("app")!);
