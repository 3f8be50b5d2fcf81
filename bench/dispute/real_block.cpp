// entresol_real_block BLOCK.json FOLDER: FOLDER/program.elf and FOLDER/preimages for a dispute about that block; one line of JSON says what is asked and what is right.
#include <cstdio>
#include <fstream>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/elf.hpp"
#include "core/riscv/fast_run.hpp"
#include "core/riscv/preimage_file.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "core/riscv/state_root.hpp"
#include "node/program/chain_program.hpp"
#include "node/program/op_sepolia_testing.hpp"

using namespace entresol;

namespace {

void write_file(const std::string& path, ByteView bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return std::fprintf(stderr, "usage: entresol_real_block BLOCK.json FOLDER\n"), 2;
    const auto given = program::testing::read_given_block(words[1]);
    const std::string folder = words[2];
    const auto image = program::make_chain_program({std::nullopt, given.config});
    const Bytes task = encode(given.task);
    const std::uint64_t number = given.task.parent.number + 1;
    riscv::ProvablePreimages preimages;
    Bytes file;
    const auto add = [&](const Bytes& preimage) {
        preimages.add_keccak256(preimage);
        riscv::append_preimage(file, riscv::PreimageType::Keccak256, preimage);
    };
    for (const Bytes& preimage : given.preimages) add(preimage);
    add(task);
    // The run ends the same whatever H is: one given block needs no L1.
    auto machine = riscv::load_elf(image.elf, 1 << 18).value();
    machine.preimages = &preimages;
    const program::Question question{crypto::keccak256(task), {}, number};
    riscv::set_input(machine.hart, preimages.add_keccak256(encode(question)));
    const auto steps = riscv::FastRunner(machine).run(std::uint64_t{1} << 40);
    const bool is_right = machine.hart.exit_code == 0 && machine.hart.status == riscv::Status::Exited &&
                          riscv::result_of(machine.hart) == given.expected_hash;
    if (!is_right) return std::fprintf(stderr, "the block does not get its hash\n"), 1;
    write_file(folder + "/program.elf", image.elf);
    write_file(folder + "/preimages", file);
    std::printf(
        R"({"number":%llu,"transactions":%zu,"steps":%llu,"preimage_bytes":%zu,"start":"%s","answer":"%s","program_root":"%s","program_entry":"%llu"})"
        "\n",
        static_cast<unsigned long long>(number), given.task.transactions.size(), static_cast<unsigned long long>(steps),
        file.size(), to_hex(question.start_output_root).c_str(), to_hex(given.expected_hash).c_str(),
        to_hex(image.memory_root).c_str(), static_cast<unsigned long long>(image.entry));
}
