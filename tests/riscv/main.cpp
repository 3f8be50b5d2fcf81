// fuzz_machine [--cases N] [--seed S] [--mistake K]: random programs on step(), on the fast run and on qemu-riscv64. At a difference it finds
// the first instruction of the program that makes one, by leaving out the rest. --mistake K has our machines run another instruction as
// number K, to see that it is found.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/riscv/decode.hpp"
#include "core/riscv/elf.hpp"
#include "core/riscv/fast_run.hpp"
#include "program.hpp"

namespace {

using namespace entresol;
using namespace entresol::riscv;
using namespace entresol::riscv::differential;

constexpr std::size_t NO_MISTAKE = ~std::size_t{0};

Bytes run_ours(const Bytes& file, bool is_fast) {
    constexpr std::uint64_t MAX_STEPS = 1'000'000;
    auto machine = load_elf(file, 1024);
    if (!machine) return {};
    (void)(is_fast ? FastRunner(*machine).run(MAX_STEPS) : run(*machine, MAX_STEPS));
    if (machine->hart.mcause != 11) return {};  // its last but one ecall
    const Page& page = *machine->memory.find_page(DATA / PAGE_BYTES);
    return {page.begin(), page.end()};
}

Bytes run_qemu(const Bytes& file, const std::string& path) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::FILE* out = popen(("qemu-riscv64 " + path).c_str(), "r");
    if (out == nullptr) return {};
    Bytes page(DATA_BYTES + 1);
    page.resize(std::fread(page.data(), 1, page.size(), out));
    return pclose(out) == 0 && page.size() == DATA_BYTES ? page : Bytes{};
}

struct Case {
    std::uint64_t seed;
    std::size_t mistake;
    std::string path;
    std::vector<Word> body = make_body(seed);

    /// Which of our runs differs from qemu, when the program ends after that many instructions of its body.
    [[nodiscard]] const char* difference(std::size_t used) const {
        const Bytes file = make_elf(body, used, seed);
        auto mistaken = body;
        if (mistake < mistaken.size() && !mistaken[mistake].is_kept)
            mistaken[mistake].word = 0x00138393;  // addi x7, x7, 1
        const Bytes expected = run_qemu(file, path);
        const Bytes ours = make_elf(mistaken, used, seed);
        if (expected.empty() || run_ours(ours, false) != expected) return "step()";
        return run_ours(ours, true) == expected ? nullptr : "the fast run";
    }
    void report() const {
        std::size_t same = 0, differs = body.size();
        while (same + 1 < differs)
            (difference((same + differs) / 2) != nullptr ? differs : same) = (same + differs) / 2;
        const auto word = body[differs - 1].word;
        std::printf("seed %llu: instruction %zu is the first that differs: %08x %s, in %s\n",
                    static_cast<unsigned long long>(seed), differs - 1, word,
                    std::string(name_of(decode(word).op)).c_str(), difference(differs));
    }
};

std::uint64_t number(int count, char** words, const std::string& flag, std::uint64_t otherwise) {
    for (int i = 1; i + 1 < count; ++i)
        if (words[i] == flag) return std::strtoull(words[i + 1], nullptr, 10);
    return otherwise;
}

}  // namespace

int main(int count, char** words) {
    constexpr int SKIPPED = 77;
    if (std::system("command -v qemu-riscv64 >/dev/null") != 0) {
        std::puts("skipped: there is no qemu-riscv64 (Debian: qemu-user)");
        return SKIPPED;
    }
    const std::uint64_t cases = number(count, words, "--cases", 1000), first = number(count, words, "--seed", 1);
    const auto mistake = number(count, words, "--mistake", NO_MISTAKE);
    std::string folder = std::filesystem::temp_directory_path() / "fuzz_machine.XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return 2;
    std::uint64_t failed = 0;
    for (std::uint64_t seed = first; seed < first + cases; ++seed) {
        const Case one{seed, mistake, folder + "/program.elf"};
        if (one.difference(one.body.size()) == nullptr) continue;
        one.report();
        ++failed;
    }
    std::filesystem::remove_all(folder);
    std::printf("%llu programs, %llu differ\n", static_cast<unsigned long long>(cases),
                static_cast<unsigned long long>(failed));
    return failed == 0 ? 0 : 1;
}
