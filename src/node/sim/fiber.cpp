#include "node/sim/fiber.hpp"

#include <sys/mman.h>
#include <ucontext.h>

#include "core/base/check.hpp"

namespace entresol::sim {
namespace {

constexpr std::size_t STACK_BYTES = 8 * 1024 * 1024;  // as a thread has it; pages are there once they are touched
constexpr std::size_t GUARD_BYTES = 64 * 1024;

Fiber* running = nullptr;

}  // namespace

struct Fiber::Impl {
    std::function<void()> body;
    ucontext_t own{}, outside{};
    void* stack = nullptr;
    bool done = false;
};

Fiber::Fiber(std::function<void()> body) : impl_(std::make_unique<Impl>()) {
    impl_->body = std::move(body);
    impl_->stack = ::mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    CHECK(impl_->stack != MAP_FAILED);
    CHECK(::mprotect(impl_->stack, GUARD_BYTES, PROT_NONE) == 0);
    CHECK(::getcontext(&impl_->own) == 0);
    impl_->own.uc_stack.ss_sp = impl_->stack;
    impl_->own.uc_stack.ss_size = STACK_BYTES;
    impl_->own.uc_link = &impl_->outside;
    ::makecontext(&impl_->own, &Fiber::enter, 0);
}

Fiber::~Fiber() {
    CHECK(impl_->done);
    ::munmap(impl_->stack, STACK_BYTES);
}

// Its context ends with this function, and goes on where it was resumed last.
void Fiber::enter() {
    Fiber& self = *running;
    self.impl_->body();
    self.impl_->done = true;
    running = nullptr;
}

void Fiber::resume() {
    CHECK(running == nullptr && !impl_->done);
    running = this;
    CHECK(::swapcontext(&impl_->outside, &impl_->own) == 0);
}

void Fiber::pause() {
    Fiber* self = std::exchange(running, nullptr);
    CHECK(self != nullptr);
    CHECK(::swapcontext(&self->impl_->own, &self->impl_->outside) == 0);
}

bool Fiber::is_done() const { return impl_->done; }
Fiber* Fiber::current() { return running; }

}  // namespace entresol::sim
