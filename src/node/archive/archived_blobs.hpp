// Blobs for derivation: from the archive where it has them, else from L1 and into the archive before derivation sees them.
#pragma once

#include "node/archive/blob_archive.hpp"

namespace entresol::archive {

class ArchivedBlobs final : public derive::BlobProvider {
public:
    /// Asked after each fetch; nothing: the beacon API did not tell, the blobs are asked for again.
    using FindClock = std::function<std::optional<SlotClock>()>;
    /// Both must outlive it.
    ArchivedBlobs(derive::BlobProvider& source, BlobArchive& archive, FindClock find_clock)
        : source_(source), archive_(archive), find_clock_(std::move(find_clock)) {}

    /// Temporary also where the archive cannot be written: no block is derived from a blob that was not kept.
    derive::Fetched<std::vector<Bytes>> blobs(const derive::L1BlockRef& block,
                                              std::span<const derive::BlobId> ids) override;

private:
    derive::BlobProvider& source_;
    BlobArchive& archive_;
    FindClock find_clock_;
};

}  // namespace entresol::archive
