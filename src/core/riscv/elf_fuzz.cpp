// Any bytes: loading and a few steps end, within the page limit.
#include "core/base/check.hpp"
#include "core/riscv/elf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol::riscv;
    constexpr std::size_t MAX_PAGES = 64;
    auto machine = load_elf({data, size}, MAX_PAGES);
    if (!machine) return 0;
    const auto steps = run(*machine, 1000);
    CHECK(machine->memory.pages() <= MAX_PAGES);
    CHECK(machine->hart.x[0] == 0 && machine->hart.pc % 4 == 0);
    CHECK(steps == 1000 || machine->hart.status != Status::Running || machine->memory.is_exhausted());
    return 0;
}
