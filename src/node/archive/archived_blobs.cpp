#include "node/archive/archived_blobs.hpp"

#include <exception>

#include "node/io/log.hpp"

namespace entresol::archive {

derive::Fetched<std::vector<Bytes>> ArchivedBlobs::blobs(const derive::L1BlockRef& block,
                                                         std::span<const derive::BlobId> ids) {
    // The store throws; what called us is compiled without exceptions.
    try {
        if (auto kept = archive_.find(block, ids)) return std::move(*kept);
        auto fetched = source_.blobs(block, ids);
        if (!fetched) return fetched;
        const auto clock = find_clock_();
        if (!clock) return fail(derive::FetchError::Temporary);
        archive_.set_clock(*clock);
        archive_.put(block, ids, *fetched);
        return fetched;
    } catch (const std::exception& error) {
        io::log_error("archive", "blobs could not be kept", {{"problem", error.what()}});
        return fail(derive::FetchError::Temporary);
    }
}

}  // namespace entresol::archive
