#include "node/io/trouble.hpp"

#include <chrono>
#include <utility>

#include "node/io/log.hpp"

namespace entresol::io {
namespace {

constexpr std::uint64_t REPEAT_MS = 30'000;
constexpr std::uint64_t REPEAT_CHANGED_MS = 1'000;  // words that change each time must not fill the log either

std::uint64_t steady_ms() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count());
}

}  // namespace

Trouble::Trouble(std::string component, std::string all_well)
    : Trouble(std::move(component), std::move(all_well), steady_ms, REPEAT_MS) {}
Trouble::Trouble(std::string component, std::string all_well, NowMs now_ms, std::uint64_t repeat_ms)
    : component_(std::move(component)),
      all_well_(std::move(all_well)),
      now_ms_(std::move(now_ms)),
      repeat_ms_(repeat_ms) {}

void Trouble::report(const std::string& words) {
    const auto now = now_ms_();
    const auto pause = words == told_ ? repeat_ms_ : REPEAT_CHANGED_MS;
    if (since_ms_ && now - told_at_ms_ < pause) {
        ++untold_;
        return;
    }
    if (!since_ms_) since_ms_ = now;
    log_warning(component_, words, {{"for_s", (now - *since_ms_) / 1000}, {"untold", untold_}});
    told_ = words;
    told_at_ms_ = now;
    untold_ = 0;
}

void Trouble::clear() {
    if (!since_ms_) return;
    log_info(component_, all_well_, {{"after_s", (now_ms_() - *since_ms_) / 1000}});
    since_ms_.reset();
    told_.clear();
    untold_ = 0;
}

}  // namespace entresol::io
