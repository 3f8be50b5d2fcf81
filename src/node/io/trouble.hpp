// A trouble that lasts, told without filling the log: when it begins, when its words change, now and then while it lasts, and when it ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace entresol::io {

/// Lives on one thread.
class Trouble {
public:
    using NowMs = std::function<std::uint64_t()>;
    /// `component` of the log; `all_well` is said when it ends.
    Trouble(std::string component, std::string all_well);
    Trouble(std::string component, std::string all_well, NowMs now_ms, std::uint64_t repeat_ms);

    void report(const std::string& words);
    /// Says nothing when there was no trouble.
    void clear();

private:
    std::string component_, all_well_;
    NowMs now_ms_;
    std::uint64_t repeat_ms_;
    std::optional<std::uint64_t> since_ms_;
    std::string told_;
    std::uint64_t told_at_ms_ = 0;
    std::uint64_t untold_ = 0;
};

}  // namespace entresol::io
