#include "node/io/data_directory.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "node/io/failure.hpp"

namespace entresol::io {
namespace {

[[noreturn]] void fail_with(const std::string& words) { throw Failure(FailureKind::Datadir, words); }

std::string last_error() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe

// Who holds the lock wrote its number there; for people only, the lock itself is the kernel's.
std::string holder_of(int lock) {
    char text[32] = {};
    const auto size = ::pread(lock, text, sizeof text - 1, 0);
    std::string digits;
    for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; ++i) digits += text[i];
    return digits.empty() ? "another process" : "another process (" + digits + ")";
}

}  // namespace

DataDirectory::DataDirectory(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) fail_with("cannot make the data directory " + path + ": " + error.message());
    const auto name = path + "/lock";
    lock_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_ < 0) fail_with("cannot write to the data directory " + path + ": " + last_error());
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        const auto words = errno == EWOULDBLOCK ? "the data directory " + path + " is in use by " + holder_of(lock_) +
                                                      "\nstop that one, or give another --datadir"
                                                : "cannot lock the data directory " + path + ": " + last_error();
        ::close(lock_);
        fail_with(words);
    }
    const auto number = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, number.data(), number.size(), 0) < 0) {
        const auto words = "cannot write to the data directory " + path + ": " + last_error();
        ::close(lock_);
        fail_with(words);
    }
}

DataDirectory::~DataDirectory() { ::close(lock_); }

}  // namespace entresol::io
