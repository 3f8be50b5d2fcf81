#include "connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace entresol::load {
namespace {

constexpr std::size_t READ_BYTES = std::size_t{1} << 18;
constexpr std::size_t MAX_ANSWER_BYTES = std::size_t{1} << 28;
constexpr std::string_view HEAD_END = "\r\n\r\n";

std::runtime_error system_failure(const char* what) {
    return std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

std::size_t parse_size(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end == text.data() || value > MAX_ANSWER_BYTES)
        throw std::runtime_error("no HTTP answer");
    return value;
}

// The value of a header field whose name is given in lower case.
std::string_view find_field(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        const auto is_same = [](char given, char wanted) {
            return std::tolower(static_cast<unsigned char>(given)) == wanted;
        };
        if (!std::equal(name.begin(), name.end(), line.begin(),
                        [&](char wanted, char given) { return is_same(given, wanted); }))
            continue;
        const auto value = line.substr(name.size() + 1);
        return value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
    return {};
}

}  // namespace

Connection::Connection(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (descriptor_ < 0) throw system_failure("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        const auto problem = system_failure("connect");
        ::close(descriptor_);
        throw std::runtime_error(problem);
    }
}

Connection::~Connection() { ::close(descriptor_); }

void Connection::send(std::string_view body) {
    out_ = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ";
    out_.append(std::to_string(body.size())).append(HEAD_END).append(body);
    sent_ = 0;
    wanted_ = 0;
    in_.clear();
    is_busy_ = true;
    write_some();
}

void Connection::write_some() {
    while (wants_write()) {
        const auto size = ::send(descriptor_, out_.data() + sent_, out_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size < 0) throw system_failure("send");
        sent_ += static_cast<std::size_t>(size);
    }
}

bool Connection::advance() {
    write_some();
    const auto old_size = in_.size();
    const auto room = wanted_ > old_size ? wanted_ - old_size : READ_BYTES;
    in_.resize(old_size + room);
    const auto size = ::recv(descriptor_, in_.data() + old_size, room, MSG_DONTWAIT);
    in_.resize(old_size + (size > 0 ? static_cast<std::size_t>(size) : 0));
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (size < 0) throw system_failure("recv");
    if (size == 0) throw std::runtime_error("the server closed the connection");
    if (in_.size() > MAX_ANSWER_BYTES) throw std::runtime_error("an answer beyond all bounds");
    return take_answer();
}

bool Connection::take_answer() {
    if (wanted_ > in_.size()) return false;
    const auto head_end = in_.find(HEAD_END);
    if (head_end == std::string::npos) return false;
    const auto body_at = head_end + HEAD_END.size();
    const auto length = find_field(std::string_view(in_).substr(0, head_end), "content-length");
    if (length.empty()) return take_chunks(body_at);
    wanted_ = body_at + parse_size(length, 10);
    if (in_.size() < wanted_) return false;
    answer_ = std::string_view(in_).substr(body_at, wanted_ - body_at);
    is_busy_ = false;
    return true;
}

// RFC 9112 section 7.1.
bool Connection::take_chunks(std::size_t body_at) {
    if (!in_.ends_with("\r\n0\r\n\r\n")) return false;
    joined_.clear();
    for (std::size_t at = body_at;;) {
        const auto line_end = in_.find("\r\n", at);
        if (line_end == std::string::npos) throw std::runtime_error("no HTTP answer");
        const auto size = parse_size(std::string_view(in_).substr(at, line_end - at), 16);
        if (size == 0) break;
        if (line_end + 2 + size + 2 > in_.size()) return false;
        joined_.append(in_, line_end + 2, size);
        at = line_end + 2 + size + 2;
    }
    answer_ = joined_;
    is_busy_ = false;
    return true;
}

std::string_view Connection::call(std::string_view body) {
    send(body);
    std::vector<bool> ready;
    while (true) {
        wait_for_any({this}, 20'000, ready);
        if (!ready[0]) throw std::runtime_error("no answer within 20 s");
        if (advance()) return answer();
    }
}

void wait_for_any(const std::vector<Connection*>& connections, int timeout_ms, std::vector<bool>& ready) {
    static thread_local std::vector<pollfd> list;
    list.clear();
    for (const auto* connection : connections)
        list.push_back({.fd = connection->is_busy() ? connection->descriptor() : -1,  // poll ignores negative ones
                        .events = static_cast<short>(POLLIN | (connection->wants_write() ? POLLOUT : 0)),
                        .revents = 0});
    if (::poll(list.data(), list.size(), timeout_ms) < 0 && errno != EINTR) throw system_failure("poll");
    ready.assign(connections.size(), false);
    for (std::size_t i = 0; i < list.size(); ++i) ready[i] = list[i].revents != 0;
}

}  // namespace entresol::load
