#include "node/snapshot/folder.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "node/io/failure.hpp"

namespace entresol::snapshot {
namespace {

constexpr const char* MANIFEST = "manifest.rlp";

Bytes read_file(const std::string& path, std::size_t max_bytes) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": " + std::strerror(errno));
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw std::runtime_error(path + ": " + error.message());
    if (size > max_bytes) throw std::runtime_error(path + ": no file of a snapshot is so large");
    Bytes bytes(size);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!in) throw std::runtime_error(path + ": it cannot be read to its end");
    return bytes;
}

// On the disk under its name whole, or not at all.
void write_file(const std::string& path, ByteView bytes) {
    const std::string draft = path + ".new";
    const auto refuse = [&] { throw std::runtime_error(path + ": it could not be written: " + std::strerror(errno)); };
    const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) refuse();
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    const bool done = bytes.empty() && ::fsync(descriptor) == 0;
    const int error = errno;
    (void)::close(descriptor);
    errno = error;
    if (!done || ::rename(draft.c_str(), path.c_str()) != 0) refuse();
}

}  // namespace

std::string Folder::chunk_path(std::uint64_t index) const {
    char name[40];
    (void)std::snprintf(name, sizeof name, "/chunk-%08llu.rlp", static_cast<unsigned long long>(index));
    return path_ + name;
}

Manifest Folder::load_manifest() const {
    const std::string path = path_ + "/" + MANIFEST;
    const auto manifest = decode_manifest(read_file(path, MAX_MANIFEST_BYTES));
    if (!manifest) throw std::runtime_error(path + ": " + manifest.error());
    return *manifest;
}

Bytes Folder::load_chunk(std::uint64_t index) const { return read_file(chunk_path(index), MAX_BLOCK_CHUNK_BYTES); }

void Folder::create() const {
    std::error_code error;
    if (std::filesystem::exists(path_, error) && !std::filesystem::is_empty(path_, error))
        throw io::Failure(io::FailureKind::Usage,
                          path_ + " exists and is not empty\nname a folder that is not there yet");
    std::filesystem::create_directories(path_, error);
    if (error) throw io::Failure(io::FailureKind::Usage, path_ + ": " + error.message());
}

void Folder::write_chunk(std::uint64_t index, ByteView file) const { write_file(chunk_path(index), file); }

void Folder::write_manifest(const Manifest& manifest) const { write_file(path_ + "/" + MANIFEST, encode(manifest)); }

}  // namespace entresol::snapshot
