// Files from strangers: as they are, and (names and numbers made right) as the chunks of a small snapshot that exists. What is taken is what it holds.
#include <filesystem>

#include <unistd.h>

#include "node/snapshot/snapshot_testing.hpp"

namespace {

using namespace entresol;

struct Known {
    snapshot::Manifest manifest;
    std::vector<Bytes> files;
};

Known make_known() {
    snapshot::TestChain chain({.accounts = 8, .slots = 6, .blocks = 2});
    const auto path = std::filesystem::temp_directory_path() / ("entresol-chunk-fuzz-" + std::to_string(::getpid()));
    std::filesystem::remove_all(path);
    const snapshot::Folder folder(path.string());
    Known known;
    known.manifest = snapshot::export_snapshot(chain.store(), {.block = 2}, folder, snapshot::no_progress).manifest;
    for (std::uint64_t i = 0; i < known.manifest.chunks; ++i) known.files.push_back(folder.load_chunk(i));
    std::filesystem::remove_all(path);
    return known;
}

// Bytes of a right chunk replaced by the input's: it comes further than noise does.
Bytes damage(Bytes file, ByteView input) {
    for (std::size_t i = 0; i + 3 <= input.size() && i < 24; i += 3)
        file[(std::size_t{input[i]} << 8 | input[i + 1]) % file.size()] = input[i + 2];
    return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Known known = make_known();
    const ByteView input(data, size);
    (void)snapshot::decode_manifest(input);
    if (const auto chunk = snapshot::decode_chunk(input)) CHECK(snapshot::encode(*chunk) == to_bytes(input));
    if (input.empty()) return 0;
    snapshot::SnapshotCheck check(known.manifest);
    snapshot::EmptySink sink;
    for (std::size_t i = 0; i < known.files.size(); ++i) {
        if (i != input[0] % known.files.size()) {
            CHECK(check.take(known.files[i], sink).has_value());
            continue;
        }
        const Bytes wrong = damage(known.files[i], input.subspan(1));
        const auto before = sink.entries;
        const bool is_taken = check.take(wrong, sink).has_value();
        CHECK(is_taken == (wrong == known.files[i]));
        CHECK(is_taken || sink.entries == before);
        if (!is_taken) return 0;
    }
    CHECK(check.finish().has_value());
    return 0;
}
