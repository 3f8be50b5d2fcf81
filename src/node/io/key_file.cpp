#include "node/io/key_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crypto/secp256k1.hpp"
#include "node/io/keystore.hpp"

namespace entresol::io {
namespace {

constexpr std::size_t MAX_KEY_FILE_BYTES = 16 * 1024;  // a keystore has some 500 bytes
constexpr std::size_t MAX_PASSWORD_BYTES = 1024;
constexpr mode_t OTHERS = S_IRWXG | S_IRWXO;
constexpr std::string_view BLANKS = " \t\r\n";

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

std::string last_error() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe

std::string octal(mode_t mode) {
    std::string out = "0";
    for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + (mode >> shift & 7));
    return out;
}

// Nothing when the file may hold a secret.
std::string find_fault(const struct stat& info, std::size_t max_bytes) {
    if (!S_ISREG(info.st_mode)) return "is not a regular file";
    if (info.st_uid != ::geteuid() && info.st_uid != 0) return "belongs to another user";
    if ((info.st_mode & OTHERS) != 0)
        return "may be read or written by others (mode " + octal(info.st_mode) + "); take that away: chmod 600";
    if (info.st_size == 0) return "is empty";
    if (static_cast<std::size_t>(info.st_size) > max_bytes)
        return "is larger than " + std::to_string(max_bytes) + " bytes";
    return {};
}

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(BLANKS);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(BLANKS) - begin + 1);
}

// A password may end with blanks; the line's end is not part of it.
void drop_line_end(Secret& text) {
    auto view = text.reveal_text();
    if (view.ends_with('\n')) view.remove_suffix(1);
    if (view.ends_with('\r')) view.remove_suffix(1);
    text.shrink(view.size());
}

Result<PrivateKey, std::string> load_key_file(const KeyLocation& location) {
    TRY(const Secret content, read_secret_file(location.file, MAX_KEY_FILE_BYTES));
    if (!trim(content.reveal_text()).starts_with('{')) {
        if (!location.password_file.empty())
            return fail(location.file + ": a password was given, but this is not a keystore");
        auto key = parse_private_key(content);
        if (!key) return fail(location.file + ": " + key.error());
        return key;
    }
    if (location.password_file.empty())
        return fail(location.file + ": a keystore needs its password: give the password file");
    TRY(Secret password, read_secret_file(location.password_file, MAX_PASSWORD_BYTES));
    drop_line_end(password);
    auto key = open_keystore(content.reveal_text(), password);
    if (!key) return fail(location.file + ": " + key.error());
    return key;
}

Result<PrivateKey, std::string> take_from_environment(const std::string& name) {
    char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): said in the header
    if (value == nullptr) return fail("the environment has no " + name);
    const Secret text{std::string_view(value)};
    wipe(value, std::strlen(value));
    ::unsetenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    auto key = parse_private_key(text);
    if (!key) return fail(name + ": " + key.error());
    return key;
}

}  // namespace

bool KeyLocation::is_given() const {
    return !file.empty() || (!environment.empty() && std::getenv(environment.c_str()) != nullptr);  // NOLINT
}

Result<Secret, std::string> read_secret_file(const std::string& path, std::size_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return fail(path + ": " + last_error());
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) return fail(path + ": " + last_error());
    if (const auto fault = find_fault(info, max_bytes); !fault.empty()) return fail(path + " " + fault);
    Secret content(static_cast<std::size_t>(info.st_size));
    std::size_t size = 0;
    while (size < content.size()) {
        const auto got = ::read(file.get(), content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(path + ": " + last_error());
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    content.shrink(size);
    return content;
}

Result<PrivateKey, std::string> parse_private_key(const Secret& text) {
    auto digits = trim(text.reveal_text());
    if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
    if (digits.size() != 2 * Hash32::SIZE) return fail(std::string("a private key has 64 hexadecimal digits"));
    Hash32 raw;
    bool is_hex = true;
    for (std::size_t i = 0; i < Hash32::SIZE; ++i) {
        const int high = digit_value(digits[2 * i]), low = digit_value(digits[2 * i + 1]);
        is_hex = is_hex && high >= 0 && low >= 0;
        raw.bytes[i] = static_cast<std::uint8_t>((high & 15) << 4 | (low & 15));
    }
    PrivateKey key(raw);
    wipe(raw.data(), raw.bytes.size());
    if (!is_hex) return fail(std::string("a private key has 64 hexadecimal digits"));
    if (!crypto::address_of_key(key.reveal())) return fail(std::string("not a private key of secp256k1"));
    return key;
}

Result<void, std::string> write_secret_file(const std::string& path, const Secret& content) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.get() < 0) return fail(path + ": " + last_error());
    std::size_t done = 0;
    while (done < content.size()) {
        const auto put = ::write(file.get(), content.reveal().data() + done, content.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail(path + ": " + last_error());
        done += static_cast<std::size_t>(put);
    }
    if (::fsync(file.get()) != 0) return fail(path + ": " + last_error());
    return {};
}

Result<PrivateKey, std::string> load_private_key(const KeyLocation& location) {
    const bool has_variable =
        !location.environment.empty() && std::getenv(location.environment.c_str()) != nullptr;  // NOLINT
    if (!location.file.empty() && has_variable)
        return fail("a key was given twice: in the file " + location.file + " and in " + location.environment);
    if (!location.file.empty()) return load_key_file(location);
    if (has_variable) return take_from_environment(location.environment);
    return fail(std::string("no key was given"));
}

}  // namespace entresol::io
