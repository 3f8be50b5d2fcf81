// The public RPC conformance exchanges of ethereum/execution-apis: their chain is imported, and each recorded request answered as recorded.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/json/parse.hpp>

#include "core/base/hex.hpp"
#include "node/genesis/geth_genesis.hpp"
#include "node/rpc/conformance_testing.hpp"
#include "node/rpc/service.hpp"
#include "node/store/block_store.hpp"
#include "testing/shared_data.hpp"

namespace entresol::rpc {
namespace {

using entresol::testing::read_file;

struct Exchange {
    std::string request;
    json::value answer;
};
struct Recording {
    std::string name;  // "eth_getLogs/contract-addr.io"
    bool shape_only = false;
    std::vector<Exchange> exchanges;
};

Recording read_recording(const std::filesystem::path& path) {
    Recording out{.name = path.parent_path().filename().string() + "/" + path.filename().string(),
                  .shape_only = false,
                  .exchanges = {}};
    std::istringstream lines(read_file(path));
    for (std::string line; std::getline(lines, line);) {
        // Traces follow from the chain alone, so ours are compared value by value although only their form is asked for.
        if (line.starts_with("// speconly") && !out.name.starts_with("debug_trace")) out.shape_only = true;
        if (line.starts_with(">> ")) out.exchanges.push_back({line.substr(3), nullptr});
        if (line.starts_with("<< ")) out.exchanges.back().answer = json::parse(line.substr(3));
    }
    return out;
}

std::vector<Recording> read_recordings(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".io") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<Recording> out;
    for (const auto& path : paths) out.push_back(read_recording(path));
    return out;
}

// A node on the recorded chain whose clock stands still and which builds blocks only when told to.
class RecordedChain {
public:
    explicit RecordedChain(const std::filesystem::path& folder)
        : genesis_(genesis::parse_geth_genesis(read_file(folder / "genesis.json")).value()),
          ledger_(genesis_.config, genesis_.genesis, std::make_shared<store::BlockStore>(store::make_memory_store())),
          loop_([this] { return now_ms_; }) {
        import(read_file(folder / "chain.rlp"));
        const auto choice = json::parse(read_file(folder / "headfcu.json")).at("params").at(0);
        ledger_.set_safe(*parse_fixed<Hash32>(choice.at("safeBlockHash").as_string()));
        ledger_.set_finalized(*parse_fixed<Hash32>(choice.at("finalizedBlockHash").as_string()));
        now_ms_ = (ledger_.head()->block.header.timestamp + 12) * 1000;
        sequencer_ = std::make_unique<sequencer::Sequencer>(
            sequencer::Options{.block_time_ms = 12'000,
                               .exact_spacing = false,
                               .mode = sequencer::SealMode::Manual,
                               .mini_blocks = false,
                               .signing_key = {},
                               .pool_limits = {}},
            ledger_, loop_, [this] { return now_ms_; }, make_template);
        sequencer_->start();
        dispatcher_ = make_dispatcher(Context{.ledger = ledger_,
                                              .loop = loop_,
                                              .sequencer = sequencer_.get(),
                                              .now_ms = [this] { return now_ms_; },
                                              .client_version = "entresol/test",
                                              .limits = {},
                                              .filters = {},
                                              .subscriptions = {},
                                              .dev = {},
                                              .rollup = {},
                                              .forward_transaction = {},
                                              .check_sidecar = {}});
    }

    json::value ask(const std::string& request) {
        std::optional<std::string> text;
        dispatcher_->handle(request, {}, [&](std::string answer) { text = std::move(answer); });
        while (!text && loop_.run_due()) {
        }
        return text ? json::parse(*text) : json::value("no answer");
    }
    const ledger::Ledger& ledger() const { return ledger_; }

private:
    static std::optional<sequencer::BlockTemplate> make_template(const ledger::StoredBlock& parent,
                                                                 std::uint64_t timestamp) {
        sequencer::BlockTemplate next;
        next.timestamp = timestamp;
        next.gas_limit = parent.block.header.gas_limit;
        next.parent_beacon_block_root = Hash32{};
        return next;
    }
    void import(const std::string& rlp) {
        codec::RlpReader reader({reinterpret_cast<const std::uint8_t*>(rlp.data()), rlp.size()});
        while (!reader.empty()) {
            const auto raw = reader.read_raw();
            ASSERT_TRUE(raw.has_value());
            const auto block = chain::decode_block(*raw);
            ASSERT_TRUE(block.has_value());
            const auto imported = ledger_.import_block(*block);
            ASSERT_TRUE(imported.has_value())
                << "block " << block->header.number << ": " << stf::to_string(imported.error().error) << ": "
                << imported.error().detail;
        }
    }

    std::uint64_t now_ms_ = 0;
    genesis::GethGenesis genesis_;
    ledger::Ledger ledger_;
    io::Loop loop_;
    std::unique_ptr<sequencer::Sequencer> sequencer_;
    std::shared_ptr<Dispatcher> dispatcher_;
};

std::optional<std::string> replay(RecordedChain& chain, const Recording& recording) {
    for (const auto& exchange : recording.exchanges) {
        const auto answer = chain.ask(exchange.request);
        auto difference = recording.shape_only ? testing::find_shape_difference(exchange.answer, answer)
                                               : testing::find_difference(exchange.answer, answer);
        if (difference) return difference;
    }
    return std::nullopt;
}

// Every exchange passes, or the list beside this test says why it does not.
TEST(ExecutionApis, AnswersAsRecorded) {
    ENTRESOL_SHARED_OR_SKIP(folder, "execution-apis");
    RecordedChain chain(folder);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_EQ(chain.ledger().head()->number(), 54U);
    const auto known = json::parse(
        read_file(std::filesystem::path(ENTRESOL_SOURCE_DIR) / "tests" / "conformance" / "execution_apis_known.json"));
    const auto& reasons = known.at("fails").as_object();

    std::size_t passed = 0;
    const auto recordings = read_recordings(folder);
    for (const auto& recording : recordings) {
        const auto difference = replay(chain, recording);
        const bool expected_to_fail = reasons.contains(recording.name);
        passed += difference ? 0 : 1;
        if (difference && !expected_to_fail) ADD_FAILURE() << recording.name << *difference;
        if (!difference && expected_to_fail)
            ADD_FAILURE() << recording.name << " passes: take it off the list of known failures";
    }
    EXPECT_GE(passed, known.at("minimum_passes").to_number<std::size_t>());
    std::printf("execution-apis: %zu of %zu recordings answered as recorded (geth 1.16.7: 137 of 232)\n", passed,
                recordings.size());
}

}  // namespace
}  // namespace entresol::rpc
