// entresol_machine_driver plain|fast ELF: steps, exit code and CPU nanoseconds of a program's run, without its loading.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/riscv/elf.hpp"
#include "core/riscv/fast_run.hpp"

namespace {

std::int64_t cpu_ns() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

int main(int count, char** words) {
    using namespace entresol;
    if (count != 3) return 2;
    std::ifstream in(words[2], std::ios::binary);
    const Bytes file{std::istreambuf_iterator<char>(in), {}};
    auto machine = riscv::load_elf(file, std::size_t{1} << 18);
    if (!machine) {
        std::fprintf(stderr, "%s: %s\n", words[2], riscv::to_string(machine.error()));
        return 2;
    }
    constexpr std::uint64_t MAX_STEPS = std::uint64_t{1} << 40;
    riscv::FastRunner runner(*machine);
    const std::int64_t start = cpu_ns();
    const std::uint64_t steps =
        std::string_view(words[1]) == "plain" ? riscv::run(*machine, MAX_STEPS) : runner.run(MAX_STEPS);
    const std::int64_t taken = cpu_ns() - start;
    if (machine->hart.status != riscv::Status::Exited) return 1;
    std::printf("%llu %llu %lld\n", static_cast<unsigned long long>(steps),
                static_cast<unsigned long long>(machine->hart.exit_code), static_cast<long long>(taken));
}
