#include "node/archive/blob_archive.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/chain/block.hpp"
#include "node/archive/archived_blobs.hpp"
#include "node/archive/beacon_routes.hpp"
#include "node/l1/client.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/store/key_value.hpp"

namespace entresol::archive {
namespace {

const crypto::Kzg& kzg() {
    static const auto setup = crypto::Kzg::ceremony();
    return setup;
}

// An L1 block's blobs, each unlike every other.
struct Posted {
    derive::L1BlockRef block;
    std::vector<derive::BlobId> ids;
    std::vector<Bytes> blobs;
};
Posted make_posted(std::uint8_t seed, std::uint64_t timestamp, std::size_t count = 2) {
    Posted out;
    out.block.hash.bytes[0] = seed;
    out.block.timestamp = timestamp;
    for (std::size_t i = 0; i < count; ++i) {
        auto& blob = out.blobs.emplace_back(crypto::BYTES_PER_BLOB);
        blob[1] = seed;
        blob[2] = static_cast<std::uint8_t>(i);
        out.ids.push_back({3 * i, crypto::kzg_to_versioned_hash(kzg().commit(blob).value())});
    }
    return out;
}

class Source final : public derive::BlobProvider {
public:
    explicit Source(Posted posted) : posted_(std::move(posted)) {}
    derive::Fetched<std::vector<Bytes>> blobs(const derive::L1BlockRef&, std::span<const derive::BlobId>) override {
        ++asked;
        return posted_.blobs;
    }
    int asked = 0;

private:
    Posted posted_;
};

// A disk that has become full.
class FullStore final : public store::KeyValue {
public:
    std::optional<Bytes> find(store::Table, ByteView) const override { return std::nullopt; }
    void write(const store::WriteBatch&, bool) override { throw std::runtime_error("no space left"); }
    void scan(store::Table, ByteView, store::ScanOrder, const Visit&) const override {}
    void flush() override {}
};

class BlobArchiveTest : public testing::Test {
protected:
    std::shared_ptr<store::KeyValue> tables = store::make_memory_store();
    BlobArchive archive{tables, kzg, 0};

    std::size_t count_at(std::uint64_t timestamp) { return archive.sidecars(timestamp, {}).size(); }
};

TEST_F(BlobArchiveTest, ALaterProcessServesWhatWasKept) {
    const std::string folder = testing::TempDir() + "blob_archive_test";
    std::filesystem::remove_all(folder);
    const auto posted = make_posted(1, 1000);
    BlobArchive(store::open_rocks_store(folder), kzg, 0).put(posted.block, posted.ids, posted.blobs);
    {
        BlobArchive later(store::open_rocks_store(folder), kzg, 0);
        EXPECT_EQ(later.find(posted.block, posted.ids), posted.blobs);
        for (int round = 0; round < 2; ++round) {  // computed, then as it was kept
            const auto sidecars = later.sidecars(1000, {});
            ASSERT_EQ(sidecars.size(), 2U);
            for (std::size_t i = 0; i < 2; ++i) {
                EXPECT_EQ(sidecars[i].index, posted.ids[i].index);
                EXPECT_EQ(sidecars[i].blob, posted.blobs[i]);
                EXPECT_EQ(crypto::kzg_to_versioned_hash(sidecars[i].commitment), posted.ids[i].versioned_hash);
                EXPECT_TRUE(kzg().verify_blob(sidecars[i].blob, sidecars[i].commitment, sidecars[i].proof));
            }
        }
    }
    std::filesystem::remove_all(folder);
}

TEST_F(BlobArchiveTest, AnotherBlockOfTheSameTimeReplacesTheOneReorganisedAway) {
    const auto first = make_posted(1, 1000, 3), second = make_posted(2, 1000, 1);
    archive.put(first.block, first.ids, first.blobs);
    EXPECT_EQ(count_at(1000), 3U);
    archive.put(second.block, second.ids, second.blobs);
    EXPECT_EQ(archive.find(first.block, first.ids), std::nullopt);
    EXPECT_EQ(archive.find(second.block, second.ids), second.blobs);
    EXPECT_EQ(count_at(1000), 1U);
}

TEST_F(BlobArchiveTest, OldBlobsGoAfterTheRetentionAndZeroKeepsAll) {
    BlobArchive bounded(store::make_memory_store(), kzg, 100);
    for (std::uint8_t seed = 1; seed <= 3; ++seed) {
        const auto posted = make_posted(seed, 1000 + 60 * seed, 1);
        bounded.put(posted.block, posted.ids, posted.blobs);
        archive.put(posted.block, posted.ids, posted.blobs);
    }
    EXPECT_TRUE(bounded.sidecars(1060, {}).empty());
    EXPECT_EQ(bounded.sidecars(1120, {}).size(), 1U);
    EXPECT_EQ(bounded.sidecars(1180, {}).size(), 1U);
    EXPECT_EQ(count_at(1060), 1U);
}

TEST_F(BlobArchiveTest, ABlobThatTheDiskDamagedIsNotServed) {
    const auto posted = make_posted(1, 1000, 1);
    archive.put(posted.block, posted.ids, posted.blobs);
    store::WriteBatch batch;
    tables->scan(store::Table::Blobs, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
        Bytes damaged = to_bytes(value);
        damaged[damaged.size() - 1] ^= 1;
        batch.put(store::Table::Blobs, key, std::move(damaged));
        return true;
    });
    tables->write(batch, false);
    EXPECT_EQ(count_at(1000), 0U);
}

TEST_F(BlobArchiveTest, L1IsAskedOnceAndNothingIsDerivedFromWhatWasNotKept) {
    const auto posted = make_posted(1, 1000);
    Source source(posted);
    bool knows_clock = false;
    const auto find_clock = [&] { return knows_clock ? std::optional(SlotClock{400, 12}) : std::nullopt; };
    ArchivedBlobs blobs(source, archive, find_clock);
    EXPECT_EQ(blobs.blobs(posted.block, posted.ids).error(), derive::FetchError::Temporary);
    knows_clock = true;
    EXPECT_EQ(blobs.blobs(posted.block, posted.ids).value(), posted.blobs);
    EXPECT_EQ(blobs.blobs(posted.block, posted.ids).value(), posted.blobs);
    EXPECT_EQ(source.asked, 2);
    EXPECT_EQ(archive.clock(), (SlotClock{400, 12}));

    BlobArchive full(std::make_shared<FullStore>(), kzg, 0);
    EXPECT_EQ(ArchivedBlobs(source, full, find_clock).blobs(posted.block, posted.ids).error(),
              derive::FetchError::Temporary);
}

TEST_F(BlobArchiveTest, TheClientOfABeaconApiReadsTheArchive) {
    const auto transport = std::make_shared<l1::InProcessTransport>(
        [](std::string_view) { return std::string(); },
        [this](std::string_view path) {
            const auto response = answer_beacon(std::string(path), archive);
            return response && response->status == 200 ? response->body : std::string();
        });
    const auto posted = make_posted(7, 1000);
    chain::Header header;
    header.timestamp = 1000;
    std::vector<Hash32> wanted{posted.ids[1].versioned_hash, posted.ids[0].versioned_hash};
    EXPECT_FALSE(l1::L1Client(transport, transport, kzg).blobs(header, wanted).has_value());
    archive.set_clock({400, 12});
    archive.put(posted.block, posted.ids, posted.blobs);
    l1::L1Client client(transport, transport, kzg);
    const auto found = client.blobs(header, wanted);
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_EQ(*found, (std::vector<Bytes>{posted.blobs[1], posted.blobs[0]}));
    wanted[0].bytes[5] ^= 1;
    EXPECT_FALSE(client.blobs(header, wanted).has_value());
    const auto clock = client.beacon_clock();
    ASSERT_TRUE(clock.has_value());
    EXPECT_EQ(clock->genesis_time, 400U);
    EXPECT_EQ(clock->seconds_per_slot, 12U);
}

TEST_F(BlobArchiveTest, AnswersWhatABeaconApiAnswersAndRefusesTheRest) {
    const auto status = [this](const std::string& target) {
        const auto response = answer_beacon(target, archive);
        return response ? response->status : 0;
    };
    const std::string sidecars = "/eth/v1/beacon/blob_sidecars/";
    EXPECT_EQ(status("/explorer"), 0U);
    EXPECT_EQ(status(sidecars + "50"), 503U);
    archive.set_clock({400, 12});
    const auto posted = make_posted(7, 1000);
    archive.put(posted.block, posted.ids, posted.blobs);
    EXPECT_EQ(status(sidecars + "50"), 200U);
    for (const auto* absent : {"49", "51", "18446744073709551615", "50?indices=1"})
        EXPECT_EQ(status(sidecars + absent), 404U) << absent;
    for (const auto* malformed : {"", "head", "-1", "50x", "50?indices=x", "50?indices=0,", "18446744073709551616"}) {
        // A comma at the end asks for nothing more.
        EXPECT_EQ(status(sidecars + malformed), std::string_view(malformed) == "50?indices=0," ? 200U : 400U)
            << malformed;
    }
    std::string many = "50?indices=0";
    for (int i = 0; i < 200; ++i) many += "&indices=0";
    EXPECT_EQ(status(sidecars + many), 400U);
    const auto size = [&](const char* query) { return answer_beacon(sidecars + query, archive)->body.size(); };
    EXPECT_EQ(size("50?indices=0,3"), size("50"));
    EXPECT_EQ(size("50?indices=0&indices=3"), size("50"));
    EXPECT_LT(size("50?indices=3"), size("50"));
}

}  // namespace
}  // namespace entresol::archive
