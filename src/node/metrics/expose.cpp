#include "node/metrics/expose.hpp"

#include <cstdio>
#include <ctime>
#include <sstream>
#include <utility>

#include <prometheus/text_serializer.h>
#include <unistd.h>

#include "node/ledger/ledger.hpp"
#include "node/metrics/health.hpp"
#include "node/rpc/dispatcher.hpp"
#include "node/sequencer/sequencer.hpp"
#include "node/settlement/rollup_node.hpp"

namespace entresol::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Page {
public:
    MetricFamily& family(MetricType type, std::string name, std::string help) {
        families_.push_back({.name = std::move(name), .help = std::move(help), .type = type, .metric = {}});
        return families_.back();
    }
    void gauge(std::string name, std::string help, double value) {
        add_gauge(family(MetricType::Gauge, std::move(name), std::move(help)), value);
    }
    static void add_gauge(MetricFamily& family, double value, Labels labels = {}) {
        ClientMetric metric;
        metric.label = std::move(labels);
        metric.gauge.value = value;
        family.metric.push_back(std::move(metric));
    }
    void counter(std::string name, std::string help, double value) {
        add_counter(family(MetricType::Counter, std::move(name), std::move(help)), value);
    }
    static void add_counter(MetricFamily& family, double value, Labels labels = {}) {
        ClientMetric metric;
        metric.label = std::move(labels);
        metric.counter.value = value;
        family.metric.push_back(std::move(metric));
    }
    [[nodiscard]] std::string text() const {
        std::ostringstream out;
        prometheus::TextSerializer().Serialize(out, families_);
        return std::move(out).str();
    }

private:
    std::vector<MetricFamily> families_;
};

double to_double(std::uint64_t value) { return static_cast<double>(value); }

void add_chain(Page& page, const Sources& sources) {
    const auto health = check_health(sources);
    auto& heads = page.family(MetricType::Gauge, "entresol_head_block", "Number of the newest block of each kind.");
    Page::add_gauge(heads, to_double(health.head), {{"kind", "unsafe"}});
    Page::add_gauge(heads, to_double(health.safe), {{"kind", "safe"}});
    Page::add_gauge(heads, to_double(health.finalized), {{"kind", "finalized"}});
    page.gauge("entresol_head_age_seconds", "How far the newest block is behind the clock.",
               to_double(health.head_age_s));
    page.gauge("entresol_healthy", "1 if /health answers 200.", health.problems.empty() ? 1 : 0);
    const auto head = sources.ledger.head();
    const auto& header = head->block.header;
    page.gauge("entresol_head_gas_used", "Gas of the newest block.", to_double(header.gas_used));
    page.gauge("entresol_head_gas_limit", "Gas that the newest block could have.", to_double(header.gas_limit));
    page.gauge("entresol_head_transactions", "Transactions of the newest block.",
               to_double(head->block.transactions.size()));
    page.gauge("entresol_base_fee_wei", "Base fee a gas of the newest block.",
               to_double(header.base_fee_per_gas.value_or(U256{}).saturate_u64()));
    const auto activity = sources.ledger.activity();
    page.counter("entresol_blocks_total", "Blocks that became part of the chain.", to_double(activity.blocks));
    page.counter("entresol_transactions_total", "Transactions in them.", to_double(activity.transactions));
    page.counter("entresol_gas_total", "Gas used by them.", to_double(activity.gas));
    page.counter("entresol_removed_blocks_total", "Blocks that a reorg took off the chain.",
                 to_double(activity.removed));
}

void add_rollup(Page& page, const settlement::RollupNode& rollup) {
    const auto status = rollup.status();
    auto& heads = page.family(MetricType::Gauge, "entresol_l1_block", "L1 blocks as the node knows them.");
    Page::add_gauge(heads, to_double(status.head_l1), {{"kind", "head"}});
    Page::add_gauge(heads, to_double(status.safe_l1), {{"kind", "safe"}});
    Page::add_gauge(heads, to_double(status.finalized_l1), {{"kind", "finalized"}});
    Page::add_gauge(heads, to_double(status.current_l1.number), {{"kind", "derived"}});
    page.counter("entresol_derivation_resets_total",
                 "How often derivation began anew: L1 reorgs, and blocks that were not as sequenced.",
                 to_double(status.resets));
    const auto posted = rollup.posted();
    page.counter("entresol_batches_total", "Batches of this process that L1 included.", to_double(posted.batches));
    page.counter("entresol_batch_bytes_total", "Compressed bytes in them.", to_double(posted.compressed_bytes));
    page.counter("entresol_batch_raw_bytes_total", "Bytes before compression.", to_double(posted.raw_bytes));
}

Labels method_label(std::string_view method) { return {{"method", std::string(method)}}; }

void add_calls(Page& page, const rpc::Dispatcher& dispatcher) {
    const auto readings = dispatcher.call_counts();
    auto& calls =
        page.family(MetricType::Counter, "entresol_rpc_calls_total", "Calls of JSON-RPC, by method and outcome.");
    for (const auto& reading : readings) {
        const std::string method(reading.method);
        Page::add_counter(calls, to_double(reading.succeeded), {{"method", method}, {"outcome", "result"}});
        Page::add_counter(calls, to_double(reading.failed), {{"method", method}, {"outcome", "error"}});
    }
    auto& durations = page.family(MetricType::Histogram, "entresol_rpc_call_duration_seconds",
                                  "Time until the answer, of calls that came alone and not in a batch.");
    for (const auto& reading : readings) {
        ClientMetric metric;
        metric.label = method_label(reading.method);
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < reading.buckets.size(); ++i) {
            sum += reading.buckets[i];
            const bool is_last = i == rpc::CallCounts::BOUNDS_S.size();
            metric.histogram.bucket.push_back(
                {.cumulative_count = sum,
                 .upper_bound = is_last ? std::numeric_limits<double>::infinity() : rpc::CallCounts::BOUNDS_S.at(i)});
        }
        metric.histogram.sample_count = sum;
        metric.histogram.sample_sum = reading.seconds;
        durations.metric.push_back(std::move(metric));
    }
}

// The names that Prometheus' own libraries give.
void add_process(Page& page) {
    timespec cpu{};
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0)
        page.counter("process_cpu_seconds_total", "User and system time.",
                     static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9);
    unsigned long pages = 0, resident = 0;
    if (auto* file = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(file, "%lu %lu", &pages, &resident) == 2)
            page.gauge("process_resident_memory_bytes", "Resident memory.",
                       to_double(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)));
        (void)std::fclose(file);
    }
}

}  // namespace

std::string expose(const Sources& sources) {
    Page page;
    add_chain(page, sources);
    if (sources.sequencer != nullptr)
        page.gauge("entresol_pool_transactions", "Transactions that wait.", to_double(sources.sequencer->waiting()));
    if (sources.rollup != nullptr) add_rollup(page, *sources.rollup);
    add_calls(page, sources.dispatcher);
    add_process(page);
    return page.text();
}

}  // namespace entresol::metrics
