import { useEffect, useRef } from "preact/hooks";
import { navigate } from "../navigation";
import { SearchIcon } from "./icons";

/** Whether keys typed there are text. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const search = (event: Event) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    if (text === "") return;
    navigate(`/search?q=${encodeURIComponent(text)}`);
    if (input.current) input.current.value = "";
    input.current?.blur();
  };
  return (
    <form class="search" role="search" onSubmit={search}>
      <SearchIcon />
      <input
        ref={input}
        name="q"
        type="search"
        placeholder="Block, hash or address"
        aria-label="Search for a block, transaction, address or batch"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={100}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
