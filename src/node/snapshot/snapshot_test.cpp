#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/io/failure.hpp"
#include "node/snapshot/import_snapshot.hpp"
#include "node/snapshot/snapshot_testing.hpp"

namespace entresol::snapshot {
namespace {

using Files = std::vector<Bytes>;

class Snapshots : public testing::Test {
protected:
    void SetUp() override {
        root_ = testing::TempDir() + "entresol-snapshot-" + std::to_string(::getpid());
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_);
    }
    void TearDown() override { std::filesystem::remove_all(root_); }

    Manifest write(TestChain& chain, const std::string& name, ExportRequest request = {}) {
        if (!request.block) request.block = chain.store().find_header(chain.newest) ? last_number(chain) : 0;
        return export_snapshot(chain.store(), request, folder(name), no_progress).manifest;
    }
    static std::uint64_t last_number(TestChain& chain) {
        return chain::decode_header(*chain.store().find_header(chain.newest))->number;
    }
    [[nodiscard]] Folder folder(const std::string& name) const { return Folder(root_ + "/" + name); }
    [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }
    [[nodiscard]] Files load(const std::string& name, const Manifest& manifest) const {
        Files files;
        for (std::uint64_t i = 0; i < manifest.chunks; ++i) files.push_back(folder(name).load_chunk(i));
        return files;
    }
    std::string root_;
};

// Where it is refused, or "whole".
std::string check_all(const Manifest& manifest, const Files& files) {
    SnapshotCheck check(manifest);
    EmptySink sink;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto before = sink.entries;
        const auto taken = check.take(files[i], sink);
        if (taken) continue;
        EXPECT_EQ(sink.entries, before) << "a part of a bad chunk was used";
        return "chunk " + std::to_string(i) + ": " + taken.error();
    }
    const auto whole = check.finish();
    return whole ? "whole" : "end: " + whole.error();
}

Bytes with_chunk(const Bytes& file, const std::function<void(Chunk&)>& change) {
    auto chunk = decode_chunk(file).value();
    change(chunk);
    return encode(chunk);
}

TEST_F(Snapshots, AnExportIsWholeAndItsChunksAreBounded) {
    TestChain chain({.accounts = 12'000, .slots = 30'000, .blocks = 4});
    const auto manifest = write(chain, "s");
    const auto files = load("s", manifest);
    EXPECT_EQ(check_all(manifest, files), "whole");
    EXPECT_GE(files.size(), 6U);  // blocks, twice accounts, twice storage, codes
    for (const auto& file : files) EXPECT_LE(file.size(), MAX_CHUNK_BYTES);
    const auto totals = verify_snapshot(folder("s"), manifest, no_progress);
    EXPECT_EQ(totals.accounts, 12'000U);
    EXPECT_EQ(totals.slots, 30'000U + 4U);
    EXPECT_EQ(totals.codes, 2U);
    EXPECT_EQ(totals.blocks, 4U);
}

TEST_F(Snapshots, AnyByteThatIsFlippedIsFound) {
    TestChain chain;
    const auto manifest = write(chain, "s");
    const auto files = load("s", manifest);
    ASSERT_EQ(check_all(manifest, files), "whole");
    for (std::size_t i = 0; i < files.size(); ++i)
        for (std::size_t at = 0; at < files[i].size(); ++at) {
            auto wrong = files;
            wrong[i][at] ^= static_cast<std::uint8_t>(1U << (at % 8));
            ASSERT_TRUE(check_all(manifest, wrong).starts_with("chunk " + std::to_string(i) + ": "))
                << "chunk " << i << ", byte " << at;
        }
}

TEST_F(Snapshots, AnyByteOfTheManifestThatIsFlippedIsFound) {
    TestChain chain;
    const auto manifest = write(chain, "s");
    const auto files = load("s", manifest);
    const Bytes encoded = encode(manifest);
    EXPECT_EQ(decode_manifest(encoded).value(), manifest);
    for (std::size_t at = 0; at < encoded.size(); ++at) {
        Bytes wrong = encoded;
        wrong[at] ^= 1;
        const auto decoded = decode_manifest(wrong);
        if (!decoded) continue;
        const bool is_of_the_chain =
            decoded->chain_id == manifest.chain_id && decoded->genesis_hash == manifest.genesis_hash;
        if (is_of_the_chain)
            EXPECT_NE(check_all(*decoded, files), "whole") << "byte " << at;
        else
            EXPECT_THROW(check_chain(*decoded, chain.chain), std::runtime_error) << "byte " << at;
    }
}

TEST_F(Snapshots, AFileThatIsCutOffIsFound) {
    TestChain chain;
    const auto manifest = write(chain, "s");
    for (const auto& file : load("s", manifest))
        for (std::size_t size = 0; size < file.size(); ++size)
            ASSERT_FALSE(decode_chunk(ByteView(file).first(size)).has_value());
}

TEST_F(Snapshots, AKeyThatIsLeftOutIsFoundAtItsChunk) {
    TestChain chain;
    const auto manifest = write(chain, "s");
    const auto files = load("s", manifest);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto try_change = [&](const std::function<void(Chunk&)>& change) {
            auto wrong = files;
            wrong[i] = with_chunk(files[i], change);
            EXPECT_NE(check_all(manifest, wrong), "whole") << "chunk " << i;
        };
        const auto chunk = decode_chunk(files[i]).value();
        if (const auto* accounts = std::get_if<AccountsChunk>(&chunk.content))
            for (std::size_t n = 0; n < accounts->accounts.leaves.size(); ++n)
                try_change([n](Chunk& c) {
                    auto& leaves = std::get<AccountsChunk>(c.content).accounts.leaves;
                    leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(n));
                });
        if (const auto* storage = std::get_if<StorageChunk>(&chunk.content))
            for (std::size_t p = 0; p < storage->parts.size(); ++p) {
                try_change([p](Chunk& c) {
                    auto& parts = std::get<StorageChunk>(c.content).parts;
                    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(p));
                });
                for (std::size_t n = 0; n < storage->parts[p].slots.leaves.size(); ++n)
                    try_change([p, n](Chunk& c) {
                        auto& leaves = std::get<StorageChunk>(c.content).parts[p].slots.leaves;
                        leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(n));
                    });
            }
        if (std::holds_alternative<CodesChunk>(chunk.content))
            try_change([](Chunk& c) {
                std::get<CodesChunk>(c.content).codes.erase(std::get<CodesChunk>(c.content).codes.begin());
            });
    }
}

TEST_F(Snapshots, ARangeThatEndsEarlyLeavesTheRestMissing) {
    TestChain chain;
    const auto manifest = write(chain, "s");
    auto files = load("s", manifest);
    const auto is_accounts = [](const Bytes& file) {
        return std::holds_alternative<AccountsChunk>(decode_chunk(file)->content);
    };
    const auto accounts = std::find_if(files.begin(), files.end(), is_accounts);
    ASSERT_NE(accounts, files.end());
    std::vector<Bytes> proof;
    // An honest stretch, only shorter: right as a chunk, and then what it leaves out is due.
    *accounts = with_chunk(*accounts, [&](Chunk& c) {
        auto& stretch = std::get<AccountsChunk>(c.content).accounts;
        stretch.leaves.resize(10);
        stretch.range.last = stretch.leaves.back().key;
        proof = prove_range(chain.store(), chain.state_root, stretch.range).value();
        stretch.proof.assign(proof.begin(), proof.end());
    });
    const auto verdict = check_all(manifest, files);
    EXPECT_NE(verdict, "whole");
    EXPECT_FALSE(verdict.starts_with("chunk " + std::to_string(accounts - files.begin()) + ":")) << verdict;
}

TEST_F(Snapshots, ChunksThatAreSwappedMissingRepeatedOrOfAnotherSnapshotAreFound) {
    TestChain chain, other({.accounts = 31, .slots = 20, .blocks = 4});
    const auto manifest = write(chain, "s");
    const auto files = load("s", manifest);
    const auto strange = load("t", write(other, "t"));
    ASSERT_EQ(files.size(), strange.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto wrong = files;
        wrong[i] = strange[i];
        EXPECT_NE(check_all(manifest, wrong).find("belongs to the snapshot of output root"), std::string::npos);
        wrong = files;
        wrong[i] = with_chunk(strange[i], [&](Chunk& c) { c.output_root = manifest.output_root(); });
        const bool is_shared = with_chunk(files[i], [](Chunk&) {}) == wrong[i];  // the same codes
        EXPECT_EQ(check_all(manifest, wrong) == "whole", is_shared) << i;
        // Without it, with it twice, and in another place: also with the numbers made right.
        std::vector<Files> tries(3, files);
        tries[0].erase(tries[0].begin() + static_cast<std::ptrdiff_t>(i));
        tries[1].insert(tries[1].begin() + static_cast<std::ptrdiff_t>(i), files[i]);
        std::swap(tries[2][i], tries[2][(i + 1) % files.size()]);
        for (auto& attempt : tries) {
            EXPECT_NE(check_all(manifest, attempt), "whole") << i;
            for (std::size_t n = 0; n < attempt.size(); ++n)
                attempt[n] = with_chunk(attempt[n], [n](Chunk& c) { c.index = n; });
            EXPECT_NE(check_all(manifest, attempt), "whole") << i;
        }
    }
}

TEST_F(Snapshots, AnImportIsTheChainWithItsState) {
    TestChain chain({.accounts = 500, .slots = 300, .blocks = 4});
    const auto manifest = write(chain, "s");
    const auto done = import_snapshot(folder("s"), manifest, chain.chain, path("data"), no_progress);
    EXPECT_EQ(done.taken_before, 0U);
    EXPECT_FALSE(std::filesystem::exists(path("data") + "/l2.import"));
    const auto kept = std::make_shared<store::BlockStore>(store::open_rocks_store(path("data") + "/l2"));
    const ledger::Ledger ledger(chain.chain.rollup.l2, chain.chain.l2_genesis, kept);
    EXPECT_EQ(ledger.head()->hash, chain.newest);
    EXPECT_EQ(ledger.safe()->hash, chain.newest);
    EXPECT_EQ(ledger.finalized()->hash, chain.newest);
    EXPECT_EQ(ledger.genesis()->number(), 0U);
    for (std::uint64_t number = 0; number <= 4; ++number)
        EXPECT_EQ(ledger.find_block_hash(number), chain.store().find_canonical_hash(number)) << number;
    EXPECT_EQ(ledger.find_block(3)->outcomes.at(0).gas_used, 46'000U);
    // Trie and flat state both: every leaf.
    const auto ticket = kept->flat().ticket(chain.state_root);
    ASSERT_TRUE(ticket.has_value());
    std::size_t accounts = 0, slots = 0;
    const auto walked = visit_leaves(*kept, chain.state_root, FIRST_KEY, [&](const Hash32& key, ByteView leaf) {
        ++accounts;
        const auto account = state::decode_trie_account(leaf);
        EXPECT_EQ(kept->flat().find_account(*ticket, key).value(), account);
        const auto inner =
            visit_leaves(*kept, account->storage_root, FIRST_KEY, [&](const Hash32& slot, ByteView value) {
                ++slots;
                codec::RlpReader reader(value);
                EXPECT_EQ(kept->flat().find_slot(*ticket, key, slot).value(), reader.read_u256().value());
                return true;
            });
        EXPECT_TRUE(inner.has_value());
        return true;
    });
    EXPECT_TRUE(walked.has_value());
    EXPECT_EQ(accounts, 500U);
    EXPECT_EQ(slots, 300U + 4U);
    EXPECT_NE(kept->find_code(chain.code_hash), nullptr);
}

TEST_F(Snapshots, AnInterruptedImportGoesOnAndRefusesOtherFiles) {
    TestChain chain({.accounts = 100, .slots = 50, .blocks = 4});
    const auto manifest = write(chain, "s");
    struct Enough {};
    const auto stop_at = [&](std::uint64_t chunks) {
        const auto import = [&] {
            (void)import_snapshot(folder("s"), manifest, chain.chain, path("data"), [&](const Totals& t) {
                if (t.chunks == chunks) throw Enough{};
            });
        };
        EXPECT_THROW(import(), Enough);
        EXPECT_FALSE(std::filesystem::exists(path("data") + "/l2"));
    };
    for (std::uint64_t chunks = 1; chunks < manifest.chunks; ++chunks) stop_at(chunks);
    TestChain other({.accounts = 101, .slots = 50, .blocks = 4});
    const auto other_manifest = write(other, "t");
    EXPECT_THROW((void)import_snapshot(folder("t"), other_manifest, other.chain, path("data"), no_progress),
                 io::Failure);
    const Bytes first = folder("s").load_chunk(0);
    folder("s").write_chunk(0, folder("t").load_chunk(0));
    EXPECT_THROW((void)import_snapshot(folder("s"), manifest, chain.chain, path("data"), no_progress),
                 std::runtime_error);
    folder("s").write_chunk(0, first);
    const auto done = import_snapshot(folder("s"), manifest, chain.chain, path("data"), no_progress);
    EXPECT_EQ(done.taken_before, manifest.chunks - 1);
    EXPECT_TRUE(std::filesystem::exists(path("data") + "/l2"));
    EXPECT_THROW((void)import_snapshot(folder("s"), manifest, chain.chain, path("data"), no_progress), io::Failure);
}

TEST_F(Snapshots, TooFewBlocksToDeriveFromAreRefused) {
    TestChain chain({.accounts = 30, .slots = 20, .blocks = 80});
    const auto manifest = write(chain, "s", {.block = {}, .l1_blocks = 10, .l2_blocks = 10});
    EXPECT_THROW((void)import_snapshot(folder("s"), manifest, chain.chain, path("data"), no_progress),
                 std::runtime_error);
    EXPECT_FALSE(std::filesystem::exists(path("data") + "/l2"));
    const auto longer = write(chain, "t", {.block = {}, .l1_blocks = 60, .l2_blocks = 10});
    (void)import_snapshot(folder("t"), longer, chain.chain, path("other"), no_progress);
    EXPECT_TRUE(std::filesystem::exists(path("other") + "/l2"));
}

}  // namespace
}  // namespace entresol::snapshot
