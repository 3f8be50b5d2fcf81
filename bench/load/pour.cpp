#include "pour.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>

#include "connection.hpp"
#include "process.hpp"
#include "sealed.hpp"

namespace entresol::load {
namespace {

constexpr double STALL_S = 20;
constexpr double WATCH_PAUSE_S = 0.02;  // between two looks for the next block
constexpr double WARM_UP_S = 2;         // before the first probe
constexpr std::size_t SHOWN_BYTES = 300;

std::string request_of(std::string_view method, std::string_view param, std::size_t id) {
    std::string text = R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")";
    return text.append(method).append(R"(","params":[")").append(param).append(R"("]})");
}

// The lines of some senders, a nonce of each in turn.
class Lane {
public:
    Lane(std::size_t first_sender, std::size_t step) : sender_(first_sender), first_(first_sender), step_(step) {}
    [[nodiscard]] std::optional<std::size_t> next(std::size_t size) {
        const auto line = round_ * SENDERS + sender_;
        if (line >= size) return std::nullopt;
        sender_ += step_;
        if (sender_ >= SENDERS) {
            sender_ = first_;
            ++round_;
        }
        return line;
    }

private:
    std::size_t sender_, first_, step_, round_ = 0;
};

class Pouring {
public:
    Pouring(const Workload& workload, const Workload* probes, const PourOptions& options)
        : workload_(workload), probes_(probes), options_(options) {
        for (std::size_t c = 0; c < options_.connections; ++c) {
            senders_.push_back(std::make_unique<Connection>(options_.port));
            lanes_.emplace_back(c, options_.connections);
        }
        for (const auto& sender : senders_) all_.push_back(sender.get());
        all_.push_back(&watcher_);
        all_.push_back(&prober_);
    }

    Poured run() {
        out_.first_block = block_number(watcher_) + 1;
        watched_ = out_.first_block;
        out_.last_block = watched_ - 1;
        const double server_before = cpu_s(options_.server), own_before = cpu_s(0);
        began_ = last_progress_ = now_s();
        next_report_ = began_ + options_.progress_s;
        while (!is_done() && !out_.stalled) step();
        out_.seconds = (out_.stalled ? now_s() : last_sealed_) - began_;
        out_.server_cpu_s = cpu_s(options_.server) - server_before;
        out_.generator_cpu_s = cpu_s(0) - own_before;
        return out_;
    }

private:
    void step() {
        const double now = now_s();
        for (std::size_t c = 0; c < senders_.size(); ++c)
            if (!senders_[c]->is_busy()) send_batch(c, now);
        if (!watcher_.is_busy() && now >= watch_at_) {
            char digits[16];
            const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), watched_, 16);
            watcher_.send(request_of("eth_getBlockTransactionCountByNumber", "0x" + std::string(digits, end), 1));
        }
        if (probes_ != nullptr && !prober_.is_busy() && now >= probe_at_ && now > began_ + WARM_UP_S && is_sending()) {
            probe_began_ = now;
            prober_.send(request_of("eth_sendRawTransactionSync", probes_->line(out_.probes_sent++), 1));
        }
        wait_for_any(all_, options_.rate > 0 || probes_ != nullptr ? 1 : 5, ready_);
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (ready_[i] && all_[i]->advance()) take(i);
        if (now - last_progress_ > STALL_S) out_.stalled = true;
        if (options_.progress_s > 0 && now >= next_report_) report(now);
    }

    void send_batch(std::size_t c, double now) {
        if (options_.seconds > 0 && now - began_ > options_.seconds) ended_ = true;
        if (ended_) return;
        if (options_.most_waiting > 0 && out_.sent - sealed_ - out_.refused + options_.batch > options_.most_waiting)
            return;
        if (options_.rate > 0 && static_cast<double>(out_.sent) > (now - began_) * options_.rate) return;
        std::string body;
        std::size_t size = 0;
        for (; size < options_.batch; ++size) {
            const auto line = lanes_[c].next(workload_.size());
            if (!line) break;
            if (options_.batch > 1) body += size == 0 ? '[' : ',';
            body += request_of("eth_sendRawTransaction", workload_.line(*line), size + 1);
        }
        if (size == 0) return;
        if (options_.batch > 1) body += ']';
        senders_[c]->send(body);
        out_.sent += size;
    }

    void take(std::size_t i) {
        if (i < senders_.size()) return take_answers(senders_[i]->answer());
        if (all_[i] == &watcher_) return take_block(watcher_.answer());
        note_refusals(prober_.answer());
        out_.probe_ms.push_back((now_s() - probe_began_) * 1000);
        probe_at_ = now_s() + 0.003 + 0.001 * static_cast<double>(out_.probes_sent * 7 % 11);  // out of step
        if (out_.probes_sent == probes_->size()) ended_ = true;
    }

    void take_answers(std::string_view text) {
        note_refusals(text);
        out_.sending_s = now_s() - began_;
    }

    void note_refusals(std::string_view text) {
        constexpr std::string_view ERROR = R"("error":)";
        for (auto at = text.find(ERROR); at != std::string_view::npos; at = text.find(ERROR, at + 1)) {
            if (out_.refused++ == 0) out_.refusal = text.substr(at, SHOWN_BYTES);
        }
    }

    // {"…","result":"0x1f"} when the block is there, null or an error before.
    void take_block(std::string_view text) {
        constexpr std::string_view RESULT = R"("result":"0x)";
        const auto at = text.find(RESULT);
        const double now = now_s();
        if (at == std::string_view::npos) {
            watch_at_ = now + WATCH_PAUSE_S;
            return;
        }
        std::uint64_t count = 0;
        std::from_chars(text.data() + at + RESULT.size(), text.data() + text.size(), count, 16);
        out_.last_block = watched_++;
        if (count <= options_.forced_per_block) return;
        sealed_ += count - options_.forced_per_block;
        last_sealed_ = last_progress_ = now;
    }

    [[nodiscard]] bool is_sending() const { return !ended_ && out_.sent < workload_.size(); }
    [[nodiscard]] bool is_done() const {
        if (is_sending() || prober_.is_busy()) return false;
        for (const auto& sender : senders_)
            if (sender->is_busy()) return false;
        return sealed_ + out_.refused >= out_.sent + out_.probes_sent;
    }

    void report(double now) {
        std::fprintf(stderr, "%.0f s: %zu sent, %zu sealed, %zu refused, server %.1f s CPU\n", now - began_, out_.sent,
                     sealed_, out_.refused, cpu_s(options_.server));
        next_report_ += options_.progress_s;
    }

    const Workload& workload_;
    const Workload* probes_;
    PourOptions options_;
    std::vector<std::unique_ptr<Connection>> senders_;
    std::vector<Lane> lanes_;
    Connection watcher_{options_.port}, prober_{options_.port};
    std::vector<Connection*> all_;
    std::vector<bool> ready_;
    Poured out_;
    std::uint64_t watched_ = 0;
    std::size_t sealed_ = 0;
    bool ended_ = false;
    double began_ = 0, last_progress_ = 0, last_sealed_ = 0, watch_at_ = 0, probe_at_ = 0, probe_began_ = 0,
           next_report_ = 0;
};

}  // namespace

Poured pour(const Workload& workload, const Workload* probes, const PourOptions& options) {
    return Pouring(workload, probes, options).run();
}

}  // namespace entresol::load
