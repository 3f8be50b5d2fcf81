// What is a thread in production is a fiber here: it has a stack of its own, runs until it waits for something, and is resumed by the schedule. All fibers
// are one thread, so that nothing happens between two lines of production code but where it asks the network.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace entresol::sim {

class Fiber {
public:
    /// The body must not throw.
    explicit Fiber(std::function<void()> body);
    /// Precondition: it is done.
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// From outside: runs it until it pauses or ends.
    void resume();
    [[nodiscard]] bool is_done() const;

    /// From inside: back to whoever resumed.
    static void pause();
    /// Null outside.
    [[nodiscard]] static Fiber* current();

private:
    static void enter();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One reason to go on of a fiber that waits. Several events may hold it; the first that comes wakes the fiber.
class Waiting {
public:
    Waiting() : fiber_(Fiber::current()) {}
    [[nodiscard]] bool is_over() const { return fiber_ == nullptr; }
    void wake() {
        if (Fiber* fiber = std::exchange(fiber_, nullptr)) fiber->resume();
    }

private:
    Fiber* fiber_;
};

}  // namespace entresol::sim
