#include "node/app/suggest.hpp"

#include <algorithm>

namespace entresol::app {
namespace {

constexpr std::size_t MAX_WORD = 64;  // longer words are no slip of a short one

// Slips grow with the word: one in a short one, three at most.
std::size_t allowed_slips(std::size_t length) { return length <= 4 ? 1 : length <= 8 ? 2 : 3; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::optional<std::string> find_similar(std::string_view word, const std::vector<std::string>& words) {
    if (word.size() > MAX_WORD) return std::nullopt;
    const std::string* best = nullptr;
    std::size_t best_distance = 0;
    for (const auto& candidate : words) {
        const auto distance = edit_distance(word, candidate);
        if (distance > allowed_slips(std::max(word.size(), candidate.size()))) continue;
        if (best == nullptr || distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best != nullptr) return *best;
    constexpr std::size_t MIN_PREFIX = 3;
    if (word.size() < MIN_PREFIX || word == "--") return std::nullopt;
    for (const auto& candidate : words) {
        if (!candidate.starts_with(word)) continue;
        if (best != nullptr) return std::nullopt;
        best = &candidate;
    }
    return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
    const auto similar = find_similar(word, words);
    return similar ? "\ndid you mean " + *similar + "?" : "";
}

}  // namespace entresol::app
