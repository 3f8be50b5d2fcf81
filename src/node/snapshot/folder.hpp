// A snapshot on disk: manifest.rlp, written last, and chunk-00000000.rlp and so on. Sizes are looked at before anything is read.
#pragma once

#include <cstdint>
#include <string>

#include "node/snapshot/format.hpp"

namespace entresol::snapshot {

class Folder {
public:
    explicit Folder(std::string path) : path_(std::move(path)) {}

    /// Both throw std::runtime_error in words that name the file.
    [[nodiscard]] Manifest load_manifest() const;
    [[nodiscard]] Bytes load_chunk(std::uint64_t index) const;

    /// Makes the folder. Throws io::Failure (usage) where it exists and is not empty.
    void create() const;
    /// Throw std::runtime_error with what the system said. The manifest goes to disk after all chunks: a folder without one is no snapshot.
    void write_chunk(std::uint64_t index, ByteView file) const;
    void write_manifest(const Manifest& manifest) const;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string chunk_path(std::uint64_t index) const;

private:
    std::string path_;
};

}  // namespace entresol::snapshot
