// One overview for the whole app: its pages take chain ids, contracts and heads from here.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Overview } from "./types";
import type { Resource } from "./use_resource";

export const OverviewContext = createContext<Resource<Overview>>({ data: null, error: null });
export const useOverview = (): Resource<Overview> => useContext(OverviewContext);
