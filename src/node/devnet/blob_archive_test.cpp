#include "node/devnet/blob_archive.hpp"

#include <gtest/gtest.h>

#include "node/store/block_store.hpp"

namespace entresol::devnet {
namespace {

struct Posted {
    chain::Transaction tx;
    chain::BlobSidecar sidecar;
};

Posted make_posted(std::uint8_t seed, std::size_t proofs_per_blob) {
    Posted out;
    out.sidecar.version = proofs_per_blob == 1 ? 0 : 1;
    for (std::uint8_t i = 0; i < 2; ++i) {
        Hash32 hash;
        hash.bytes[0] = 1;
        hash.bytes[1] = seed;
        hash.bytes[2] = i;
        out.tx.blob_hashes.push_back(hash);
        out.sidecar.blobs.emplace_back(crypto::BYTES_PER_BLOB, static_cast<std::uint8_t>(seed + i));
        crypto::KzgCommitment commitment;
        commitment.bytes[0] = static_cast<std::uint8_t>(seed + i);
        out.sidecar.commitments.push_back(commitment);
        out.sidecar.proofs.resize(out.sidecar.proofs.size() + proofs_per_blob);
    }
    return out;
}

TEST(BlobArchive, ALaterProcessFindsThemInTheStore) {
    const auto store = std::make_shared<store::BlockStore>(store::make_memory_store());
    const auto posted = make_posted(5, 128);
    {
        BlobArchive archive;
        archive.keep_in(store);
        archive.add(posted.tx, posted.sidecar);
    }
    BlobArchive later;
    EXPECT_FALSE(later.find(posted.tx.blob_hashes[0]).has_value());
    later.keep_in(store);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto entry = later.find(posted.tx.blob_hashes[i]);
        ASSERT_TRUE(entry.has_value());
        EXPECT_EQ(entry->blob, posted.sidecar.blobs[i]);
        EXPECT_EQ(entry->commitment, posted.sidecar.commitments[i]);
    }
    EXPECT_FALSE(later.find(make_posted(6, 1).tx.blob_hashes[0]).has_value());
}

TEST(BlobArchive, CellProofsAreNotServedAsTheBlobsProof) {
    const auto kzg = crypto::Kzg::ceremony();
    const auto store = std::make_shared<store::BlockStore>(store::make_memory_store());
    auto posted = make_posted(5, 128);
    posted.sidecar.commitments[0] = kzg.commit(posted.sidecar.blobs[0]).value();
    posted.sidecar.proofs.assign(posted.sidecar.proofs.size(), crypto::KzgProof{{{0xc0}}});
    BlobArchive archive;
    archive.keep_in(store);
    archive.prove_with([&]() -> const crypto::Kzg& { return kzg; });
    archive.add(posted.tx, posted.sidecar);
    const auto entry = archive.find_proven(posted.tx.blob_hashes[0]);
    ASSERT_TRUE(entry.has_value());
    EXPECT_TRUE(kzg.verify_blob(entry->blob, entry->commitment, entry->proof));
    BlobArchive later;  // needs not compute it again
    later.keep_in(store);
    EXPECT_EQ(later.find(posted.tx.blob_hashes[0])->proof, entry->proof);
}

TEST(BlobArchive, ADamagedRecordIsNoBlob) {
    const auto store = std::make_shared<store::BlockStore>(store::make_memory_store());
    BlobArchive archive;
    archive.keep_in(store);
    store->put_blob(Hash32{}, Bytes(100, 1));
    EXPECT_FALSE(archive.find(Hash32{}).has_value());
}

}  // namespace
}  // namespace entresol::devnet
