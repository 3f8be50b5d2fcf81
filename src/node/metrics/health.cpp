#include "node/metrics/health.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/ledger/ledger.hpp"
#include "node/sequencer/sequencer.hpp"
#include "node/settlement/rollup_node.hpp"

namespace entresol::metrics {

Health check_health(const Sources& sources) {
    const auto& ledger = sources.ledger;
    const auto head = ledger.head();
    Health out{.head = head->number(), .safe = ledger.safe()->number(), .finalized = ledger.finalized()->number()};
    const std::uint64_t now_s = sources.now_ms() / 1000;
    out.head_age_s = now_s - std::min(now_s, head->block.header.timestamp);
    const bool makes_blocks_in_time = sources.sequencer == nullptr || sources.sequencer->makes_blocks_in_time();
    if (makes_blocks_in_time && sources.max_head_age_s && out.head_age_s > *sources.max_head_age_s)
        out.problems.push_back("the head, block " + std::to_string(out.head) + ", is " +
                               std::to_string(out.head_age_s) + " s old, more than " +
                               std::to_string(*sources.max_head_age_s));
    if (sources.rollup != nullptr)
        if (auto problem = sources.rollup->status().problem; !problem.empty())
            out.problems.push_back(std::move(problem));
    return out;
}

std::string to_json(const Health& health) {
    boost::json::array problems;
    for (const auto& problem : health.problems) problems.emplace_back(problem);
    return boost::json::serialize(boost::json::object{{"status", health.problems.empty() ? "ok" : "failing"},
                                                      {"head", health.head},
                                                      {"safe", health.safe},
                                                      {"finalized", health.finalized},
                                                      {"headAgeSeconds", health.head_age_s},
                                                      {"problems", std::move(problems)}}) +
           "\n";
}

}  // namespace entresol::metrics
