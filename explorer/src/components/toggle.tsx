interface ToggleProps<T extends string> {
  label: string;
  options: readonly T[];
  chosen: T;
  onChoose: (option: T) => void;
}

/** One of a few, side by side. */
export const Toggle = <T extends string>({ label, options, chosen, onChoose }: ToggleProps<T>) => (
  <div class="toggle" role="group" aria-label={label}>
    {options.map((option) => (
      <button key={option} type="button" aria-pressed={option === chosen} onClick={() => onChoose(option)}>
        {option}
      </button>
    ))}
  </div>
);
