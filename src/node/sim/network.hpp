// The way from a node to its L1, with everything that networks do: requests and answers are lost, late, doubled or damaged, and the link is cut for a while.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/l1/transport.hpp"
#include "node/sim/fiber.hpp"
#include "node/sim/random.hpp"
#include "node/sim/trace.hpp"

namespace entresol::sim {

/// Per mille of the requests, and milliseconds.
struct NetworkFaults {
    std::uint64_t lost_requests = 0, lost_answers = 0, doubled = 0, late = 0, damaged = 0;
    std::uint64_t least_ms = 1, most_ms = 15;
    std::uint64_t timeout_ms = 5'000;
};

/// A request blocks the fiber that makes it. One at a time: each of a node's clients has one thread.
class Link final : public l1::Transport {
public:
    using Answer = std::function<std::string(std::string_view request)>;
    /// `post` and `get` answer at the other end; an empty answer is HTTP's 404.
    Link(Schedule& schedule, Trace& trace, const Random& random, Answer post, Answer get);

    l1::L1Result<std::string> post(std::string_view body) override { return ask(post_, body); }
    l1::L1Result<std::string> get(std::string_view path) override { return ask(get_, path); }

    void set_faults(const NetworkFaults& faults) { faults_ = faults; }
    void cut(bool is_cut) { is_cut_ = is_cut; }
    /// The process is gone: what waits for an answer goes on without one, and every later request fails at once.
    void close();
    void reopen() { is_closed_ = false; }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    /// Called before each request: others may look at the node now.
    void on_request(std::function<void()> listener) { listener_ = std::move(listener); }

private:
    struct Call;
    l1::L1Result<std::string> ask(const Answer& server, std::string_view request);
    void deliver(const Answer& server, const std::shared_ptr<Call>& call, bool answers);
    [[nodiscard]] std::uint64_t draw_delay();

    Schedule& schedule_;
    Trace& trace_;
    Random random_;
    Answer post_, get_;
    NetworkFaults faults_;
    bool is_cut_ = false, is_closed_ = false;
    std::uint64_t requests_ = 0;
    std::shared_ptr<Call> open_;
    std::function<void()> listener_;
};

}  // namespace entresol::sim
