#pragma once

#include <functional>

#include "case.hpp"

namespace entresol::fuzz {

/// A smaller case for which `still_differs` holds, as it does for the given one.
[[nodiscard]] Case minimize(Case given, const std::function<bool(const Case&)>& still_differs);

}  // namespace entresol::fuzz
