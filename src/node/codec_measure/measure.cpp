#include "node/codec_measure/measure.hpp"

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>
#include <stdexcept>

#include "core/base/endian.hpp"
#include "core/codec/rlp.hpp"
#include "core/derive/batch.hpp"
#include "node/codec_measure/codecs.hpp"

namespace entresol::codec_measure {
namespace {

constexpr std::uint64_t CADENCE_SECONDS = 12;
constexpr double SLOW_SECONDS = 0.2;

double cpu_seconds() {
    timespec now{};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The best of `runs`; once where it is slow.
double best_seconds(int runs, const std::function<void()>& work) {
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < runs; ++i) {
        const double start = cpu_seconds();
        work();
        best = std::min(best, cpu_seconds() - start);
        if (best > SLOW_SECONDS) break;
    }
    return best;
}

std::vector<columns::Batch> split_batch(const columns::Batch& all, Cadence cadence) {
    std::vector<columns::Batch> parts;
    std::uint64_t part_start = 0;
    std::size_t next = 0;
    for (const columns::Block& block : all.blocks) {
        const bool begins = cadence == Cadence::SingleBlocks ||
                            (cadence == Cadence::TwelveSeconds && block.timestamp - part_start >= CADENCE_SECONDS);
        if (parts.empty() || begins) {
            parts.emplace_back();
            parts.back().parent_check = all.parent_check;
            parts.back().l1_origin_check = all.l1_origin_check;
            part_start = block.timestamp;
        }
        columns::Batch& part = parts.back();
        part.blocks.push_back(block);
        for (std::uint32_t i = 0; i < block.transaction_count; ++i, ++next) {
            part.transactions.push_back(all.transactions[next]);
            if (!all.senders.empty()) part.senders.push_back(all.senders[next]);
        }
    }
    return parts;
}

/// A span batch in its RLP string: what a channel of the OP Stack compresses.
Bytes lay_out_span(const columns::Batch& part, const Chain& chain) {
    derive::SpanBatch span;
    span.parent_check = from_bytes<derive::HashPrefix>(part.parent_check.view());
    span.l1_origin_check = from_bytes<derive::HashPrefix>(part.l1_origin_check.view());
    span.first_timestamp = std::max(part.blocks.front().timestamp, chain.genesis_timestamp);
    span.first_block_changes_origin = part.first_block_changes_origin;
    std::uint32_t next = 0;
    std::uint64_t epoch = part.blocks.front().epoch_number;
    for (const columns::Block& block : part.blocks) {
        epoch += block.epoch_number > epoch ? 1 : 0;  // a span's epochs rise by one
        span.blocks.push_back({epoch, next, block.transaction_count});
        next += block.transaction_count;
    }
    span.transactions = part.transactions;
    const auto encoded = derive::encode(span, {chain.genesis_timestamp, chain.block_time, chain.chain_id});
    if (!encoded) throw std::runtime_error("transactions that a span batch cannot hold; is --chain-id right?");
    Bytes out;
    codec::append_string(out, *encoded);
    return out;
}

/// As in a blob: each block's time, then its transactions, each after its sender where that is known.
Bytes lay_out_plain(const columns::Batch& part) {
    Bytes out;
    std::size_t next = 0;
    for (const columns::Block& block : part.blocks) {
        out.resize(out.size() + 8);
        store_le64(out.data() + out.size() - 8, block.timestamp);
        for (std::uint32_t i = 0; i < block.transaction_count; ++i, ++next) {
            if (!part.senders[next].is_zero()) append(out, part.senders[next].view());
            append(out, part.transactions[next]);
        }
    }
    return out;
}

class Measurer {
public:
    Measurer(const Workload& workload, const Chain& chain, int runs) : workload_(workload), chain_(chain), runs_(runs) {
        for (const Bytes& tx : workload.batch.transactions) transaction_bytes_ += tx.size();
    }

    Report run() {
        Report report{workload_.source,
                      workload_.form == columns::Form::Signed,
                      workload_.batch.blocks.size(),
                      workload_.batch.transactions.size(),
                      transaction_bytes_,
                      workload_.channel_bytes,
                      {}};
        for (const Cadence cadence : CADENCES) {
            parts_ = split_batch(workload_.batch, cadence);
            for (const GeneralCodec& codec : general_codecs())
                report.measurements.push_back(measure_general(codec, cadence));
            report.measurements.push_back(measure_ours("entresol", cadence, columns::Start::Continued));
            if (cadence != Cadence::OneShot)
                report.measurements.push_back(measure_ours("entresol, no window", cadence, columns::Start::Fresh));
        }
        return report;
    }

private:
    Measurement measure_general(const GeneralCodec& codec, Cadence cadence) const {
        std::vector<Bytes> raw, packed, back;
        for (const auto& part : parts_)
            raw.push_back(workload_.form == columns::Form::Signed ? lay_out_span(part, chain_) : lay_out_plain(part));
        const double encode_s = best_seconds(runs_, [&] {
            packed.clear();
            for (const Bytes& part : raw) packed.push_back(codec.compress(part));
        });
        const double decode_s = best_seconds(runs_, [&] {
            back.clear();
            for (std::size_t i = 0; i < packed.size(); ++i) back.push_back(codec.decompress(packed[i], raw[i].size()));
        });
        return make(codec.name, cadence, packed, encode_s, decode_s, back == raw);
    }

    Measurement measure_ours(const char* name, Cadence cadence, columns::Start start) const {
        std::vector<Bytes> packed;
        std::vector<columns::Batch> back;
        const double encode_s = best_seconds(runs_, [&] {
            packed.clear();
            columns::Encoder encoder(chain_.chain_id);
            for (const auto& part : parts_) {
                auto channel = encoder.encode(part, workload_.form, packed.empty() ? columns::Start::Fresh : start);
                if (!channel) throw std::runtime_error(columns::to_string(channel.error()));
                packed.push_back(*std::move(channel));
            }
        });
        const double decode_s = best_seconds(runs_, [&] {
            back.clear();
            columns::Decoder decoder(chain_.chain_id);
            for (const Bytes& channel : packed) {
                auto part = decoder.decode(channel);
                if (!part) throw std::runtime_error(columns::to_string(part.error()));
                back.push_back(*std::move(part));
            }
        });
        return make(name, cadence, packed, encode_s, decode_s, back == parts_);
    }

    Measurement make(const char* name, Cadence cadence, const std::vector<Bytes>& packed, double encode_s,
                     double decode_s, bool exact) const {
        Measurement m;
        m.codec = name;
        m.cadence = cadence;
        for (const Bytes& part : packed) m.bytes += part.size();
        const auto count = static_cast<double>(workload_.batch.transactions.size());
        const double megabytes = static_cast<double>(transaction_bytes_) / 1e6;
        m.bytes_per_transaction = static_cast<double>(m.bytes) / count;
        m.encode_mb_per_s = megabytes / encode_s;
        m.decode_mb_per_s = megabytes / decode_s;
        m.decode_transactions_per_s = count / decode_s;
        m.exact = exact;
        return m;
    }

    const Workload& workload_;
    const Chain& chain_;
    int runs_;
    std::size_t transaction_bytes_ = 0;
    std::vector<columns::Batch> parts_;
};

}  // namespace

const char* to_string(Cadence cadence) {
    switch (cadence) {
        case Cadence::OneShot: return "one shot";
        case Cadence::TwelveSeconds: return "12 s";
        case Cadence::SingleBlocks: return "single blocks";
    }
    return "?";
}

bool Report::all_exact() const {
    return std::all_of(measurements.begin(), measurements.end(), [](const Measurement& m) { return m.exact; });
}

Report measure(const Workload& workload, const Chain& chain, int runs) { return Measurer(workload, chain, runs).run(); }

}  // namespace entresol::codec_measure
