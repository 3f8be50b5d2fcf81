// "did you mean": the word that was most likely meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entresol::app {

/// Insertions, deletions, replacements and swaps of neighbours from one word to the other (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of the words when it is near enough to be a slip, or the only one that begins so; else nothing.
[[nodiscard]] std::optional<std::string> find_similar(std::string_view word, const std::vector<std::string>& words);

/// "\ndid you mean --port?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& words);

}  // namespace entresol::app
