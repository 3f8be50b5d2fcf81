import type { Timeline } from "../api/types";
import { printable } from "../format/hex";
import { formatSpan } from "../format/time";
import { Link } from "../navigation";
import { viewTimeline, type StepView } from "../timeline";
import { OnL1 } from "./hash";
import { CheckIcon } from "./icons";
import { Time } from "./values";

const STATE_WORDS = { done: "done", current: "waiting", pending: "not yet" } as const;

function Where({ step }: { step: StepView }) {
  if (step.batch !== null) {
    return (
      <Link to={step.batch} title={step.l1TransactionHash ?? undefined}>
        batch{step.l1BlockNumber !== null && ` in L1 #${step.l1BlockNumber}`}
      </Link>
    );
  }
  if (step.l1TransactionHash !== null) return <OnL1 thing="tx" value={step.l1TransactionHash} />;
  return step.l1BlockNumber === null ? null : (
    <>
      L1 <OnL1 thing="block" value={step.l1BlockNumber} />
    </>
  );
}

const Step = ({ step }: { step: StepView }) => (
  <li class={step.state} aria-current={step.state === "current" ? "step" : undefined}>
    <span class="node" aria-hidden="true">
      {step.state === "done" && <CheckIcon />}
    </span>
    <div>
      <strong>{step.title}</strong>
      <span class="visually-hidden">: {STATE_WORDS[step.state]}</span>
      <span class="when">
        {step.atMs !== null ? (
          <Time ms={step.atMs} />
        ) : step.state === "done" ? (
          "done"
        ) : step.state === "current" ? (
          "waiting"
        ) : (
          "–"
        )}
        {step.afterMs !== null && (
          <span class="after" title="after the step before">
            +{formatSpan(step.afterMs)}
          </span>
        )}
      </span>
      <span class="where">
        <Where step={step} />
      </span>
      {step.note !== null && <span class="note">{printable(step.note)}</span>}
    </div>
  </li>
);

export function TimelineStepper({ timeline }: { timeline: Timeline }) {
  const view = viewTimeline(timeline);
  return (
    <section class="card timeline" aria-label="Finality timeline">
      <ol>
        {view.steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
      {view.waits !== null && (
        <p class="waits">
          <span class="pulse" aria-hidden="true" /> {printable(view.waits)}
        </p>
      )}
    </section>
  );
}
