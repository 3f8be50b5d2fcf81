#include "node/app/state_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

constexpr std::uintmax_t MAX_FILE_BYTES = 1ULL << 30;

std::string draft_of(const std::string& path) { return path + ".new"; }

int open_draft(const std::string& path) {
    return ::open(draft_of(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

bool write_all(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

}  // namespace

Bytes read_state_file(const std::string& path) {
    const auto refuse = [&](const std::string& why) { throw io::Failure(io::FailureKind::Usage, path + ": " + why); };
    std::ifstream in(path, std::ios::binary);
    if (!in) refuse(std::strerror(errno));
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) refuse(error.message());
    if (size > MAX_FILE_BYTES) refuse("a state is never so large");
    Bytes bytes(size);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!in) refuse("it cannot be read to its end");
    return bytes;
}

void check_state_file_can_be_written(const std::string& path) {
    const int descriptor = open_draft(path);
    if (descriptor < 0)
        throw io::Failure(io::FailureKind::Usage, path + ": a state cannot be written there: " + std::strerror(errno));
    (void)::close(descriptor);
    (void)::unlink(draft_of(path).c_str());
}

void write_state_file(const std::string& path, ByteView state) {
    const int descriptor = open_draft(path);
    const bool written = descriptor >= 0 && write_all(descriptor, state);
    const int error = errno;
    if (descriptor >= 0) (void)::close(descriptor);
    if (written && ::rename(draft_of(path).c_str(), path.c_str()) == 0) return;
    const int reason = written ? errno : error;
    (void)::unlink(draft_of(path).c_str());
    throw std::runtime_error(path + ": the state could not be written: " + std::strerror(reason));
}

}  // namespace entresol::app
