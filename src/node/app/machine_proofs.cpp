// `entresol machine prove-step` and `verify-step`: one step's proof as a line of hexadecimal text, and what it proves.
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/riscv/decode.hpp"
#include "core/riscv/fast_run.hpp"
#include "core/riscv/proof.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "node/app/commands.hpp"
#include "node/app/machine_program.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

// docs/spec/machine.md, "State": the words after x31.
constexpr const char* LAST_WORDS[] = {"pc", "status", "exit_code", "mtvec", "mscratch", "mepc", "mcause", "mtval"};
std::string name_of_word(std::size_t i) { return i < 32 ? "x" + std::to_string(i) : LAST_WORDS[i - 32]; }

struct Change {
    std::string word;
    std::uint64_t before, after;
};
std::vector<Change> changes_of(const riscv::ReplayedStep& step) {
    const auto before = riscv::encode_state(step.before), after = riscv::encode_state(step.after);
    std::vector<Change> changes;
    for (std::size_t i = 0; i < riscv::HART_WORDS; ++i) {
        const std::size_t at = Hash32::SIZE + 8 * i;
        if (load_be64(&before[at]) != load_be64(&after[at]))
            changes.push_back({name_of_word(i), load_be64(&before[at]), load_be64(&after[at])});
    }
    return changes;
}

std::string word_text(std::uint32_t word) {
    std::uint8_t bytes[4];
    store_be32(bytes, word);
    return to_hex(bytes);
}

json::object as_object(const riscv::ReplayedStep& step) {
    json::object out{{"pre_root", to_hex(compute_state_root(step.before))},
                     {"post_root", to_hex(compute_state_root(step.after))},
                     {"pc", to_quantity(step.before.hart.pc)},
                     {"instruction", nullptr}};
    if (step.instruction)
        out["instruction"] = json::object{{"name", riscv::name_of(riscv::decode(*step.instruction).op)},
                                          {"word", word_text(*step.instruction)}};
    json::array changes;
    for (const auto& change : changes_of(step))
        changes.push_back(json::object{
            {"word", change.word}, {"before", to_quantity(change.before)}, {"after", to_quantity(change.after)}});
    out["changes"] = std::move(changes);
    out["memory_changed"] = step.before.memory_root != step.after.memory_root;
    return out;
}

std::string as_text(const riscv::ReplayedStep& step) {
    std::string out = "pre root    " + to_hex(compute_state_root(step.before)) + "\npost root   " +
                      to_hex(compute_state_root(step.after)) + "\ninstruction ";
    if (step.instruction)
        out += std::string(riscv::name_of(riscv::decode(*step.instruction).op)) + " (" + word_text(*step.instruction) +
               ") at pc " + to_quantity(step.before.hart.pc) + "\n";
    else
        out += "none: the machine had stopped at pc " + to_quantity(step.before.hart.pc) + "\n";
    for (const auto& change : changes_of(step)) {
        std::string word = change.word;
        word.resize(12, ' ');
        out += word + to_quantity(change.before) + " -> " + to_quantity(change.after) + "\n";
    }
    if (step.before.memory_root != step.after.memory_root) out += "memory      changed\n";
    return out;
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) throw io::Failure(io::FailureKind::Usage, path + " cannot be written");
}

Bytes read_proof(const std::string& path) {
    constexpr std::size_t MAX_TEXT = 2 * riscv::MAX_PROOF_BYTES + 4;  // 0x and the line's end
    const Bytes text = read_file(path, MAX_TEXT);
    std::string_view line(reinterpret_cast<const char*>(text.data()), text.size());
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    const auto proof = line.starts_with("0x") ? parse_hex(line) : std::nullopt;
    if (!proof)
        throw io::Failure(io::FailureKind::Usage,
                          path + " is not a proof as prove-step writes it: 0x and hexadecimal digits");
    return *proof;
}

void require_root(const MachineSettings& settings, const riscv::ReplayedStep& step) {
    if (settings.pre_root.empty()) return;
    const auto wanted = parse_fixed<Hash32>(settings.pre_root);
    if (!wanted) throw io::Failure(io::FailureKind::Usage, "--pre-root is not 64 hexadecimal digits");
    const Hash32 root = compute_state_root(step.before);
    if (root != *wanted)
        throw std::runtime_error("the proof is of another state: it starts from " + to_hex(root) + ", not from " +
                                 to_hex(*wanted));
}

}  // namespace

int run_prove_step(const MachineSettings& settings) {
    auto machine = load_program(settings);
    riscv::ProvablePreimages preimages;
    give_input(settings, machine, preimages);
    (void)riscv::FastRunner(machine).run(settings.step);
    require_known(machine);
    if (machine.memory.is_exhausted())
        throw std::runtime_error("the program writes more than --memory before step " + std::to_string(settings.step));
    riscv::MemoryTree tree;
    tree.update(machine.memory);
    const auto recorded = riscv::prove_step(machine, tree);
    if (!recorded) throw std::runtime_error("the step reads a preimage that is not known here");
    const Bytes& proof = *recorded;
    const auto step = riscv::replay_step(proof, &preimages);
    if (!step) throw std::runtime_error(std::string("the proof does not hold: ") + riscv::to_string(step.error()));
    const std::string text = to_hex(proof);
    if (!settings.out.empty()) write_text(settings.out, text + "\n");
    if (settings.print_json) {
        json::object out = as_object(*step);
        out["step"] = settings.step;
        if (settings.out.empty()) out["proof"] = text;
        print(json::serialize(out) + "\n");
    } else {
        print(settings.out.empty() ? text + "\n" : as_text(*step));
    }
    return 0;
}

int run_verify_step(const MachineSettings& settings) {
    riscv::ProvablePreimages published;
    load_preimages(settings, published);
    const auto step = riscv::replay_step(read_proof(settings.file), &published);
    if (!step) throw std::runtime_error(settings.file + " proves nothing: " + riscv::to_string(step.error()));
    require_root(settings, *step);
    print(settings.print_json ? json::serialize(as_object(*step)) + "\n" : as_text(*step));
    return 0;
}

}  // namespace entresol::app
