// A report's words: for people, and as JSON.
#pragma once

#include <boost/json/object.hpp>

#include "node/replay/replay.hpp"

namespace entresol::replay {

struct TextOptions {
    bool lists_same = false;     // fields that agree too
    bool lists_changes = false;  // what the execution changed
};
/// Lines, the last one ended.
[[nodiscard]] std::string to_text(const BlockReport& report, const TextOptions& options = {});
[[nodiscard]] boost::json::object to_json(const BlockReport& report);

}  // namespace entresol::replay
