#include "peer.hpp"

#include "append.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace entresol::fuzz {

Peer::Peer(std::string name, const std::string& program) : name_(std::move(name)) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    child_ = fork();
    if (child_ == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl(program.c_str(), program.c_str(), nullptr);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
    if (child_ < 0) throw std::runtime_error("cannot start " + program);
    (void)std::signal(SIGPIPE, SIG_IGN);
    (void)fcntl(to_, F_SETFL, O_NONBLOCK);
}

Peer::~Peer() {
    close(to_);
    close(from_);
    if (child_ > 0) (void)waitpid(child_, nullptr, 0);
}

void Peer::read_some(std::vector<std::string>& lines) {
    char buffer[65536];
    const auto got = read(from_, buffer, sizeof buffer);
    if (got <= 0)
        throw std::runtime_error(name_ + " ended after " + std::to_string(lines.size()) + " answers of this round");
    unread_.append(buffer, static_cast<std::size_t>(got));
    std::size_t start = 0;
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', start)) {
        lines.push_back(unread_.substr(start, end - start));
        start = end + 1;
    }
    unread_.erase(0, start);
}

// Both directions at once: neither side may wait for the other with a full pipe.
std::vector<std::string> Peer::ask(const std::vector<Bytes>& cases) {
    Bytes all;
    for (const auto& one : cases) append(all, one);
    std::vector<std::string> lines;
    std::size_t written = 0;
    while (lines.size() < cases.size()) {
        pollfd fds[2] = {{from_, POLLIN, 0}, {to_, POLLOUT, 0}};
        const nfds_t count = written < all.size() ? 2 : 1;
        if (poll(fds, count, -1) < 0) throw std::runtime_error(std::string("poll: ") + std::strerror(errno));
        if (count == 2 && fds[1].revents != 0) {
            const auto put = write(to_, all.data() + written, all.size() - written);
            if (put > 0) written += static_cast<std::size_t>(put);
            if (put < 0 && errno != EAGAIN) throw std::runtime_error(name_ + " ended: " + std::strerror(errno));
        }
        if (fds[0].revents != 0) read_some(lines);
    }
    return lines;
}

}  // namespace entresol::fuzz
