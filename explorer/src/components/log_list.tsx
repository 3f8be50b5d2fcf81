import { useState } from "preact/hooks";
import { decodeLog } from "../abi/codec";
import type { Log } from "../api/types";
import { ReadingView } from "./field_value";
import { Address } from "./hash";
import { Card } from "./page";

function RawLog({ log }: { log: Log }) {
  return (
    <dl class="facts">
      {log.topics.map((topic, i) => (
        <div key={i}>
          <dt>topic {i}</dt>
          <dd class="mono whole">{topic}</dd>
        </div>
      ))}
      {log.data !== "0x" && (
        <div>
          <dt>data</dt>
          <dd>
            <pre class="bytes">{log.data}</pre>
          </dd>
        </div>
      )}
    </dl>
  );
}

const PAGE_LOGS = 25;

export function LogList({ logs }: { logs: readonly Log[] }) {
  const [shown, setShown] = useState(PAGE_LOGS);
  return (
    <Card title="Logs" aside={<span class="muted">{logs.length}</span>}>
      <ol class="logs">
        {logs.slice(0, shown).map((log) => {
          const reading = decodeLog(log.topics, log.data);
          return (
            <li key={log.index}>
              <p class="log-head">
                <span class="tag">{log.index}</span> <Address value={log.address} copy />
              </p>
              {reading ? <ReadingView reading={reading} /> : <RawLog log={log} />}
            </li>
          );
        })}
      </ol>
      {logs.length > shown && (
        <p class="more">
          <button type="button" class="button" onClick={() => setShown(shown + PAGE_LOGS)}>
            Show more of {logs.length}
          </button>
        </p>
      )}
    </Card>
  );
}
