// Derives the cases on standard input, or decodes pieces of one, and prints each as one line of JSON: the C++ side of compare.py, whose case_file.py tells the format. Nothing is
// executed: a block's hash is that of a header without results, and a payload is invalid when a sequenced transaction ends in INVALID_MARK, as in reference.py.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/kzg.hpp"
#include "core/derive/blob_codec.hpp"
#include "core/derive/decompress.hpp"
#include "core/derive/pipeline.hpp"
#include "core/stf/op_stack.hpp"

namespace {

using namespace entresol;
using namespace entresol::derive;

constexpr std::uint8_t INVALID_MARK[] = {0xba, 0xd0, 0xba, 0xd0};

struct L1Block {
    chain::Header header;
    Hash32 hash;
    std::vector<chain::Transaction> transactions;
    std::vector<chain::Receipt> receipts;
};

struct Case {
    std::string name;
    RollupConfig config;
    std::vector<L1Block> l1;
    std::map<Hash32, Bytes> blobs;
    unsigned stutter = 0;   // one answer of a provider in so many is Temporary; 0: none
    unsigned restarts = 0;  // how often derivation begins anew on the way, as a node that is started again
};

/// The L1 of a case.
class L1 final : public L1Provider, public BlobProvider {
public:
    explicit L1(const Case& given) : case_(given) {}
    bool is_quick = false;

    Fetched<chain::Header> header_by_number(std::uint64_t number) override {
        if (fails_now()) return fail(FetchError::Temporary);
        const std::uint64_t first = case_.l1[0].header.number;
        if (number < first || number - first >= case_.l1.size()) return fail(FetchError::NotFound);
        return case_.l1[number - first].header;
    }
    Fetched<chain::Header> header_by_hash(const Hash32& hash) override { return read(hash, &L1Block::header); }
    Fetched<std::vector<chain::Receipt>> receipts(const Hash32& hash) override {
        return read(hash, &L1Block::receipts);
    }
    Fetched<std::vector<chain::Transaction>> transactions(const Hash32& hash) override {
        return read(hash, &L1Block::transactions);
    }
    Fetched<std::vector<Bytes>> blobs(const L1BlockRef&, std::span<const BlobId> ids) override {
        if (fails_now()) return fail(FetchError::Temporary);
        std::vector<Bytes> out;
        for (const BlobId& id : ids) {
            const auto found = case_.blobs.find(id.versioned_hash);
            if (found == case_.blobs.end()) return fail(FetchError::NotFound);
            out.push_back(found->second);
            out.back().resize(crypto::BYTES_PER_BLOB);
        }
        return out;
    }

private:
    bool fails_now() { return !is_quick && case_.stutter != 0 && random_() % case_.stutter == 0; }
    template <typename T>
    Fetched<T> read(const Hash32& hash, T L1Block::* field) {
        if (fails_now()) return fail(FetchError::Temporary);
        for (const L1Block& block : case_.l1)
            if (block.hash == hash) return block.*field;
        return fail(FetchError::NotFound);
    }

    const Case& case_;
    std::mt19937 random_{7};
};

/// Blocks that nobody executed.
class L2 final : public L2Reader {
public:
    explicit L2(RollupConfig& config) : config_(config) {
        chain::Block genesis;
        genesis.header.number = config.l2_genesis.number;
        genesis.header.timestamp = config.l2_genesis_timestamp;
        genesis.header.gas_limit = config.genesis_system_config.gas_limit;
        config.l2_genesis.hash = append(std::move(genesis), {});
    }
    Fetched<chain::Block> block_by_number(std::uint64_t number) override {
        if (number < config_.l2_genesis.number || number - config_.l2_genesis.number >= blocks_.size())
            return fail(FetchError::NotFound);
        return blocks_[number - config_.l2_genesis.number];
    }
    std::optional<BlockId> derived_from(std::uint64_t number) override {
        return sources_.at(number - config_.l2_genesis.number);
    }
    L2BlockRef head() const { return make_l2_block_ref(config_, blocks_.back()).value(); }
    void rewind(std::uint64_t number) {
        blocks_.resize(number - config_.l2_genesis.number + 1);
        sources_.resize(blocks_.size());
    }

    void append(const PayloadAttributes& attributes) {
        const stf::BlockAttributes fields = make_block_attributes(config_, attributes);
        chain::Block block;
        block.header.parent_hash = attributes.parent.hash;
        block.header.number = attributes.parent.number + 1;
        block.header.timestamp = fields.timestamp;
        block.header.gas_limit = fields.gas_limit;
        block.header.extra_data = fields.extra_data;
        block.header.prev_randao = fields.prev_randao;
        block.transactions.push_back(chain::decode_transaction(attributes.transactions[0]).value());
        append(std::move(block), attributes.transactions);
        sources_.back() = attributes.derived_from.id();
    }

private:
    Hash32 append(chain::Block block, const std::vector<Bytes>& transactions) {
        Bytes all;
        for (const Bytes& tx : transactions) entresol::append(all, tx);
        block.header.coinbase = stf::SEQUENCER_FEE_VAULT;
        block.header.transactions_root = crypto::keccak256(all);
        blocks_.push_back(std::move(block));
        sources_.emplace_back();
        return chain::header_hash(blocks_.back().header);
    }

    const RollupConfig& config_;
    std::vector<chain::Block> blocks_;
    std::vector<std::optional<BlockId>> sources_;
};

// --- The case file

[[noreturn]] void refuse(const std::string& line) {
    std::fprintf(stderr, "not a line of a case: %s\n", line.substr(0, 200).c_str());
    std::exit(2);
}
template <typename T>
T require(std::optional<T> value, const std::string& line) {
    if (!value) refuse(line);
    return *std::move(value);
}

void read_config(Case& out, std::istringstream& words, const std::string& line) {
    std::string key, text;
    words >> key >> text;
    const auto number = [&] { return std::stoull(text); };
    const auto address = [&] { return require(parse_fixed<Address>(text), line); };
    RollupConfig& config = out.config;
    SystemConfig& system = config.genesis_system_config;
    if (key == "block_time")
        config.block_time = number();
    else if (key == "max_sequencer_drift")
        config.max_sequencer_drift = number();
    else if (key == "seq_window_size")
        config.seq_window_size = number();
    else if (key == "channel_timeout")
        config.channel_timeout = number();
    else if (key == "l2_time")
        config.l2_genesis_timestamp = number();
    else if (key == "l2_number")
        config.l2_genesis.number = number();
    else if (key == "batch_inbox")
        config.batch_inbox = address();
    else if (key == "deposit_contract")
        config.deposit_contract = address();
    else if (key == "system_config_contract")
        config.system_config_contract = address();
    else if (key == "batcher")
        system.batcher = address();
    else if (key == "scalar")
        system.scalar = require(parse_fixed<Hash32>(text), line);
    else if (key == "gas_limit")
        system.gas_limit = number();
    else if (key == "stutter")
        out.stutter = static_cast<unsigned>(number());
    else if (key == "restarts")
        out.restarts = static_cast<unsigned>(number());
    else
        refuse(line);
}

void read_fork(chain::ChainConfig& config, bool is_l2, std::istringstream& words, const std::string& line) {
    std::string fork;
    std::uint64_t chain_id = 0;
    words >> fork >> chain_id;
    if (is_l2)
        config = chain::ChainConfig::op_all_active(chain_id, require(chain::parse_op_fork(fork), line));
    else
        config = chain::ChainConfig::all_active(chain_id, require(chain::parse_fork(fork), line));
}

void read_log(chain::Receipt& receipt, std::istringstream& words, const std::string& line) {
    std::string address, data, topic;
    words >> address >> data;
    chain::Log log;
    log.address = require(parse_fixed<Address>(address), line);
    log.data = require(parse_hex(data), line);
    while (words >> topic) log.topics.push_back(require(parse_fixed<Hash32>(topic), line));
    receipt.logs.push_back(std::move(log));
}

void read_line(Case& out, const std::string& line) {
    std::istringstream words(line);
    std::string kind, text;
    words >> kind;
    if (kind == "case") {
        words >> out.name;
    } else if (kind == "config") {
        read_config(out, words, line);
    } else if (kind == "l1_fork" || kind == "l2_fork") {
        read_fork(kind == "l2_fork" ? out.config.l2 : out.config.l1, kind == "l2_fork", words, line);
    } else if (kind == "blob") {
        std::string content;
        words >> text >> content;
        out.blobs[require(parse_fixed<Hash32>(text), line)] = require(parse_hex(content), line);
    } else if (kind == "l1") {
        words >> text;
        auto header = chain::decode_header(require(parse_hex(text), line));
        if (!header) refuse(line);
        out.l1.push_back({*header, chain::header_hash(*header), {}, {}});
    } else if (out.l1.empty()) {
        refuse(line);
    } else if (kind == "tx") {
        words >> text;
        auto tx = chain::decode_transaction(require(parse_hex(text), line));
        if (!tx) refuse(line);
        out.l1.back().transactions.push_back(std::move(*tx));
    } else if (kind == "receipt") {
        words >> text;
        out.l1.back().receipts.emplace_back().succeeded = text == "1";
    } else if (kind == "log" && !out.l1.back().receipts.empty()) {
        read_log(out.l1.back().receipts.back(), words, line);
    } else {
        refuse(line);
    }
}

// --- The answer

std::string plain_hex(ByteView data) { return to_hex(data).substr(2); }

std::string json_of(const RollupConfig& config, const PayloadAttributes& a, bool invalid) {
    const bool jovian = config.l2.rules_at(a.parent.number + 1, a.timestamp).at_least(chain::OpFork::Jovian);
    std::ostringstream out;
    out << R"({"number":)" << a.parent.number + 1 << R"(,"parent":")" << plain_hex(a.parent.hash.view())
        << R"(","time":)" << a.timestamp << R"(,"epoch_number":)" << a.l1_origin.number << R"(,"epoch_hash":")"
        << plain_hex(a.l1_origin.hash.view()) << R"(","sequence_number":)" << a.sequence_number << R"(,"gas_limit":)"
        << a.gas_limit << R"(,"prev_randao":")" << plain_hex(a.prev_randao.view()) << R"(","beacon_root":")"
        << plain_hex(a.parent_beacon_block_root.view()) << R"(","eip1559":[)" << a.eip1559_denominator << ","
        << a.eip1559_elasticity << R"(],"min_base_fee":)" << (jovian ? a.min_base_fee : 0) << R"(,"invalid":)"
        << (invalid ? "true" : "false") << R"(,"source":)" << a.derived_from.number << R"(,"transactions":[)";
    for (std::size_t i = 0; i < a.transactions.size(); ++i)
        out << (i == 0 ? "\"" : ",\"") << plain_hex(a.transactions[i]) << "\"";
    out << "]}";
    return out.str();
}

bool is_invalid(const PayloadAttributes& attributes) {
    return std::any_of(attributes.transactions.begin() + static_cast<std::ptrdiff_t>(attributes.deposit_count),
                       attributes.transactions.end(), [](const Bytes& tx) {
                           return tx.size() >= sizeof INVALID_MARK &&
                                  std::equal(std::begin(INVALID_MARK), std::end(INVALID_MARK),
                                             tx.end() - std::ptrdiff_t{sizeof INVALID_MARK});
                       });
}

class Derivation {
public:
    Derivation(const Case& given, const RollupConfig& config, L2& l2)
        : config_(config), l1_(given), l2_(l2), pipeline_(config, l1_, l1_, l2), restarts_left_(given.restarts) {}

    /// Why it ended.
    Stall run() {
        if (const auto begun = begin(); !begun) return begun.error();
        while (true) {
            auto attributes = pipeline_.next(l2_.head(), 3);
            if (attributes) {
                take(*std::move(attributes));
            } else if (attributes.error() != Stall::Again && attributes.error() != Stall::Temporary) {
                return attributes.error();
            }
            if (restarts_left_ == 0 || random_() % 40 != 0) continue;
            --restarts_left_;
            if (const auto begun = begin(); !begun) return begun.error();
        }
    }
    const std::vector<std::string>& blocks() const { return blocks_; }

private:
    /// As a node that is started: from what the L2 knows, to where nothing is lost.
    Result<void, Stall> begin() {
        const std::uint64_t genesis = config_.l2_genesis.number;
        l1_.is_quick = true;  // the search starts over where one answer is late
        const auto start = find_sync_start(config_, l1_, l2_, l2_.head().number, genesis);
        l1_.is_quick = false;
        if (!start) return fail(start.error());
        l2_.rewind(start->safe_head.number);
        blocks_.resize(start->safe_head.number - genesis);
        pipeline_.reset(*start);
        return {};
    }
    void take(PayloadAttributes attributes) {
        const bool invalid = is_invalid(attributes);
        if (invalid) {
            attributes = without_batch(attributes);
            pipeline_.drop_channel();
        }
        blocks_.push_back(json_of(config_, attributes, invalid));
        l2_.append(attributes);
    }

    const RollupConfig& config_;
    L1 l1_;
    L2& l2_;
    Pipeline pipeline_;
    unsigned restarts_left_;
    std::mt19937 random_{11};
    std::vector<std::string> blocks_;
};

const char* name_of(Stall stall) {
    if (stall == Stall::NeedsL1) return "needs_l1";
    return stall == Stall::Broken ? "broken" : "reset";
}

void answer(const Case& given) {
    RollupConfig config = given.config;
    config.l1_genesis = {given.l1[0].hash, given.l1[0].header.number};
    L2 l2(config);
    Derivation derivation(given, config, l2);
    const Stall stall = derivation.run();
    std::printf(R"({"case":"%s","blocks":[)", given.name.c_str());
    for (std::size_t i = 0; i < derivation.blocks().size(); ++i)
        std::printf("%s%s", i == 0 ? "" : ",", derivation.blocks()[i].c_str());
    std::printf(R"(],"stop":"%s"})"
                "\n",
                name_of(stall));
    std::fflush(stdout);
}

// --- Pieces: what one format decodes to, for pieces.py

void print_list(std::span<const Bytes> items) {
    std::printf("[");
    for (std::size_t i = 0; i < items.size(); ++i)
        std::printf("%s\"%s\"", i == 0 ? "" : ",", plain_hex(items[i]).c_str());
    std::printf("]");
}

void print_batch(const SingularBatch& batch, const RollupConfig&) {
    std::printf(R"(["%s",%)" PRIu64 R"(,"%s",%)" PRIu64 ",", plain_hex(batch.parent_hash.view()).c_str(),
                batch.epoch_number, plain_hex(batch.epoch_hash.view()).c_str(), batch.timestamp);
    print_list(batch.transactions);
    std::printf("]");
}

void print_batch(const SpanBatch& batch, const RollupConfig& config) {
    std::printf(R"(["%s","%s")", plain_hex(batch.parent_check.view()).c_str(),
                plain_hex(batch.l1_origin_check.view()).c_str());
    for (std::size_t i = 0; i < batch.blocks.size(); ++i) {
        const SpanBlock& block = batch.blocks[i];
        std::printf(",[%" PRIu64 ",%" PRIu64 ",", block.epoch_number, batch.first_timestamp + i * config.block_time);
        print_list(std::span(batch.transactions).subspan(block.first_transaction, block.transaction_count));
        std::printf("]");
    }
    std::printf("]");
}

void print_frames(const std::deque<Frame>& frames) {
    std::printf("[");
    for (std::size_t i = 0; i < frames.size(); ++i)
        std::printf(R"(%s["%s",%u,"%s",%s])", i == 0 ? "" : ",", plain_hex(frames[i].channel_id.view()).c_str(),
                    frames[i].number, plain_hex(frames[i].data).c_str(), frames[i].is_last ? "true" : "false");
    std::printf("]");
}

/// Was the line a piece?
bool answer_piece(const RollupConfig& config, const std::string& line) {
    const std::string kind = line.substr(0, line.find(' '));
    if (kind != "batch" && kind != "frames" && kind != "channel" && kind != "blob_data") return false;
    const Bytes data = require(parse_hex(line.substr(kind.size() + 1)), line);
    if (kind == "batch") {
        const auto batch = decode_batch(data, config.batch_context());
        if (batch)
            std::visit([&](const auto& some) { print_batch(some, config); }, *batch);
        else
            std::printf("null");
    } else if (kind == "frames") {
        const auto frames = decode_frames(data);
        if (frames)
            print_frames(prune_frames(*frames));
        else
            std::printf("null");
    } else if (kind == "channel") {
        std::printf("\"%s\"", plain_hex(decompress_channel(data).data).c_str());
    } else {
        const auto content = decode_blob(data);
        std::printf("\"%s\"", content ? plain_hex(*content).c_str() : "none");
    }
    std::printf("\n");
    std::fflush(stdout);
    return true;
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    Case current;
    for (std::string line; std::getline(std::cin, line);) {
        if (answer_piece(current.config, line)) continue;
        if (line != "end") {
            read_line(current, line);
            continue;
        }
        if (current.l1.empty()) refuse(line);
        answer(current);
        current = {};
    }
    return 0;
}
