// For tests only: the folder of public real-world data that lives beside a checkout, and is not part of it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace entresol::testing {

/// $ENTRESOL_SHARED_DATA/relative, or ../shared/data/relative beside the checkout; nothing when it is not there (the test then skips, visibly).
inline std::optional<std::filesystem::path> find_shared_data(const std::string& relative) {
    const char* configured = std::getenv("ENTRESOL_SHARED_DATA");
    const std::filesystem::path root = configured != nullptr
                                           ? std::filesystem::path(configured)
                                           : std::filesystem::path(ENTRESOL_SOURCE_DIR) / ".." / "shared" / "data";
    auto path = root / relative;
    if (!std::filesystem::exists(path)) return std::nullopt;
    return path;
}

/// $ENTRESOL_VECTORS/relative: the public consensus vectors, unpacked (shared/data/consensus has them compressed); nothing when not there.
inline std::optional<std::filesystem::path> find_vectors(const std::string& relative) {
    const char* root = std::getenv("ENTRESOL_VECTORS");
    if (root == nullptr) return std::nullopt;
    auto path = std::filesystem::path(root) / relative;
    if (!std::filesystem::exists(path)) return std::nullopt;
    return path;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace entresol::testing

/// `ENTRESOL_SHARED_OR_SKIP(folder, "op-sepolia");`
#define ENTRESOL_SHARED_OR_SKIP(name, relative)                                               \
    const auto name##_found = ::entresol::testing::find_shared_data(relative);                \
    if (!name##_found) GTEST_SKIP() << "shared data folder '" << (relative) << "' is absent"; \
    const std::filesystem::path& name = *name##_found

/// `ENTRESOL_VECTORS_OR_SKIP(folder, "tests/TrieTests");`
#define ENTRESOL_VECTORS_OR_SKIP(name, relative)                                                                     \
    const auto name##_found = ::entresol::testing::find_vectors(relative);                                           \
    if (!name##_found) GTEST_SKIP() << "ENTRESOL_VECTORS does not lead to consensus vectors '" << (relative) << "'"; \
    const std::filesystem::path& name = *name##_found
