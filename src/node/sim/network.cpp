#include "node/sim/network.hpp"

#include "core/base/check.hpp"

namespace entresol::sim {

using l1::L1Error;
using l1::L1ErrorKind;

struct Link::Call {
    std::string request;
    l1::L1Result<std::string> answer = fail(L1Error{L1ErrorKind::Unreachable, "timeout"});
    Waiting waiting;
};

Link::Link(Schedule& schedule, Trace& trace, const Random& random, Answer post, Answer get)
    : schedule_(schedule), trace_(trace), random_(random), post_(std::move(post)), get_(std::move(get)) {}

std::uint64_t Link::draw_delay() {
    if (random_.chance(faults_.late)) return random_.between(faults_.most_ms, 3 * faults_.timeout_ms);
    return random_.between(faults_.least_ms, faults_.most_ms);
}

l1::L1Result<std::string> Link::ask(const Answer& server, std::string_view request) {
    if (is_closed_) return fail(L1Error{L1ErrorKind::Unreachable, "cancelled"});
    CHECK(Fiber::current() != nullptr && open_ == nullptr);
    ++requests_;
    if (listener_) listener_();
    const auto call = std::make_shared<Call>();
    call->request = request;
    open_ = call;
    schedule_.after(faults_.timeout_ms, [call] { call->waiting.wake(); });
    if (!is_cut_ && !random_.chance(faults_.lost_requests)) {
        const bool answers = !random_.chance(faults_.lost_answers);
        schedule_.after(draw_delay(), [this, &server, call, answers] { deliver(server, call, answers); });
        if (random_.chance(faults_.doubled))
            schedule_.after(draw_delay(), [this, &server, call] { deliver(server, call, false); });
    }
    Fiber::pause();
    open_.reset();
    return std::move(call->answer);
}

// Also when the asker has given up, or is dead: the request was on its way.
void Link::deliver(const Answer& server, const std::shared_ptr<Call>& call, bool answers) {
    if (is_cut_) return;
    std::string text = server(call->request);
    trace_.mix(call->request);
    trace_.mix(text);
    if (!answers || call->waiting.is_over()) return;
    if (!text.empty() && random_.chance(faults_.damaged)) {
        auto& byte = text[random_.below(text.size())];
        byte = static_cast<char>('0' + random_.below(64));
    }
    schedule_.after(draw_delay(), [this, call, text = std::move(text)]() mutable {
        if (is_cut_ || call->waiting.is_over()) return;
        if (text.empty())
            call->answer = fail(L1Error{L1ErrorKind::Unreachable, "HTTP status 404"});
        else
            call->answer = std::move(text);
        call->waiting.wake();
    });
}

void Link::close() {
    is_closed_ = true;
    if (open_ == nullptr) return;
    open_->answer = fail(L1Error{L1ErrorKind::Unreachable, "cancelled"});
    const auto call = open_;
    call->waiting.wake();
}

}  // namespace entresol::sim
