// What the connections of one server share. Includes Asio: for server.cpp alone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "node/http/request_rules.hpp"
#include "node/http/server.hpp"

namespace entresol::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Clock = std::chrono::steady_clock;

// One connection as the server's end sees it; the functions may be called from any thread.
class Peer {
public:
    virtual ~Peer() = default;
    /// Ends as soon as nothing is in progress.
    virtual void begin_shutdown() = 0;
    virtual void abort() = 0;
    /// Called a few times a second: one timer for all, where one for each would be set anew with each request.
    virtual void check_deadline(Clock::time_point) {}
};

// What connections share. It outlives them: each holds it, and it holds each until the connection says that it ended.
class ServerCore final : public std::enable_shared_from_this<ServerCore> {
public:
    ServerCore(ServerOptions o, Handlers h) : options(std::move(o)), handlers(std::move(h)) {}

    void start();
    void stop();

    /// Nothing when there is no room or the server stops.
    std::optional<std::uint64_t> add(const std::shared_ptr<Peer>& peer) {
        const std::lock_guard lock(mutex_);
        if (stopping || peers_.size() >= options.max_connections) return std::nullopt;
        if (!std::exchange(is_ticking_, true)) tick();
        peers_.emplace(next_id_, peer);
        return next_id_++;
    }
    /// A connection goes on under another protocol; false when the server stops.
    bool replace(std::uint64_t id, const std::shared_ptr<Peer>& peer) {
        const std::lock_guard lock(mutex_);
        if (stopping) return false;
        peers_[id] = peer;
        return true;
    }
    void remove(std::uint64_t id) {
        std::shared_ptr<Peer> last;  // destroyed outside the lock
        const std::lock_guard lock(mutex_);
        const auto it = peers_.find(id);
        if (it == peers_.end()) return;
        last = std::move(it->second);
        peers_.erase(it);
        if (peers_.empty()) all_gone_.notify_all();
    }
    [[nodiscard]] bool is_host_allowed(std::string_view host) const {
        if (is_loopback_host(host)) return true;
        for (const auto& allowed : options.allowed_hosts)
            if (is_host(host, allowed)) return true;
        return !on_loopback_ && options.allowed_hosts.empty();
    }
    [[nodiscard]] bool is_origin_allowed(std::string_view origin, std::string_view host) const {
        return origin.empty() || options.allowed_origin == "*" || origin == options.allowed_origin ||
               is_same_origin(origin, host);
    }

    const ServerOptions options;
    Handlers handlers;
    std::atomic<bool> stopping{false};
    std::uint16_t port = 0;

private:
    void accept();
    void tick();  // under the lock
    void on_tick();
    std::vector<std::shared_ptr<Peer>> peers() {
        const std::lock_guard lock(mutex_);
        std::vector<std::shared_ptr<Peer>> out;
        for (const auto& [id, peer] : peers_) out.push_back(peer);
        return out;
    }
    void wait_until_gone(milliseconds patience) {
        std::unique_lock lock(mutex_);
        all_gone_.wait_for(lock, patience, [this] { return peers_.empty(); });
    }

    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_{
        io_.get_executor()};  // a handler at work is no work to Asio
    tcp::acceptor acceptor_{asio::make_strand(io_)};
    asio::steady_timer backoff_{acceptor_.get_executor()};
    std::vector<std::thread> threads_;
    asio::steady_timer ticks_{acceptor_.get_executor()};
    bool on_loopback_ = true;
    std::mutex mutex_;  // guards the rest
    std::condition_variable all_gone_;
    std::unordered_map<std::uint64_t, std::shared_ptr<Peer>> peers_;
    std::uint64_t next_id_ = 1;
    bool is_ticking_ = false;  // while there are connections
};

}  // namespace entresol::http
