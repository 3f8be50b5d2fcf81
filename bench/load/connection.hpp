// One keep-alive HTTP connection that has one request in flight, without blocking: its owner polls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entresol::load {

class Connection {
public:
    /// Connects to 127.0.0.1. Throws std::runtime_error, as everything here does when the server goes away or sends no HTTP.
    explicit Connection(std::uint16_t port);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Precondition: nothing is in flight.
    void send(std::string_view body);
    /// Reads and writes what is possible now; true once the answer is complete. answer() then stays valid until the next send().
    [[nodiscard]] bool advance();
    [[nodiscard]] std::string_view answer() const { return answer_; }
    [[nodiscard]] bool is_busy() const { return is_busy_; }
    [[nodiscard]] bool wants_write() const { return sent_ < out_.size(); }
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// Waits for the answer.
    std::string_view call(std::string_view body);

private:
    void write_some();
    [[nodiscard]] bool take_answer();
    [[nodiscard]] bool take_chunks(std::size_t body_at);

    int descriptor_;
    bool is_busy_ = false;
    std::string out_, in_, joined_;
    std::size_t sent_ = 0;
    std::size_t wanted_ = 0;  // bytes of the whole answer, once its head is there
    std::string_view answer_;
};

/// Waits until one of them can go on, at most `timeout_ms`. Those that could are marked in `ready`.
void wait_for_any(const std::vector<Connection*>& connections, int timeout_ms, std::vector<bool>& ready);

}  // namespace entresol::load
