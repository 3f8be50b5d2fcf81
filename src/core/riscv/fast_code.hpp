// Code decoded once: a slot for each word of a page, filled when it is first run and emptied when the word is stored to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "core/riscv/memory.hpp"

namespace entresol::riscv {

inline constexpr std::size_t PAGE_SLOTS = PAGE_BYTES / 4;

// clang-format off
// The instructions that a slot can hold under their own name (decode.hpp), by how they are run.
#define ENTRESOL_RISCV_IMMEDIATE(X) \
    X(Addi) X(Slti) X(Sltiu) X(Xori) X(Ori) X(Andi) X(Slli) X(Srli) X(Srai) X(Addiw) X(Slliw) X(Srliw) X(Sraiw)
#define ENTRESOL_RISCV_REGISTER(X) \
    X(Add) X(Sub) X(Sll) X(Slt) X(Sltu) X(Xor) X(Srl) X(Sra) X(Or) X(And) X(Addw) X(Subw) X(Sllw) X(Srlw) X(Sraw) \
    X(Mul) X(Mulh) X(Mulhsu) X(Mulhu) X(Div) X(Divu) X(Rem) X(Remu) X(Mulw) X(Divw) X(Divuw) X(Remw) X(Remuw)
#define ENTRESOL_RISCV_LOAD(X) X(Lb) X(Lh) X(Lw) X(Ld) X(Lbu) X(Lhu) X(Lwu)
#define ENTRESOL_RISCV_STORE(X) X(Sb) X(Sh) X(Sw) X(Sd)
#define ENTRESOL_RISCV_BRANCH(X) X(Beq) X(Bne) X(Blt) X(Bge) X(Bltu) X(Bgeu)
// clang-format on

#define ENTRESOL_RISCV_NAME(name) name,
#define ENTRESOL_RISCV_FAR_NAME(name) name##Far,
enum class Kind : std::uint8_t {
    Undecoded,
    PageEnd,  // the slot after a page's last
    Stop,     // the budget may end before this slot
    Step,     // left to step(): what touches control registers, ends the program or always traps
    Ecall,    // a machine call, or left to step()
    Skip,     // no effect but on pc
    Lui,      // rd = imm
    Auipc,    // rd = the page's address + imm
    Jal,      // imm slots forward
    JalFar,   // to the page's address + imm
    Jalr,
    ENTRESOL_RISCV_BRANCH(ENTRESOL_RISCV_NAME)      // imm slots forward
    ENTRESOL_RISCV_BRANCH(ENTRESOL_RISCV_FAR_NAME)  // to the page's address + imm
    ENTRESOL_RISCV_LOAD(ENTRESOL_RISCV_NAME) ENTRESOL_RISCV_STORE(ENTRESOL_RISCV_NAME)
        ENTRESOL_RISCV_IMMEDIATE(ENTRESOL_RISCV_NAME) ENTRESOL_RISCV_REGISTER(ENTRESOL_RISCV_NAME)
};
#undef ENTRESOL_RISCV_NAME
#undef ENTRESOL_RISCV_FAR_NAME

inline constexpr std::uint8_t NOWHERE = 32;  // the register that rd = x0 means: written, never read

struct Slot {
    Kind kind = Kind::Undecoded;
    std::uint8_t rd = 0;  // NOWHERE instead of x0
    std::uint8_t rs1 = 0;
    std::uint8_t rs2 = 0;
    std::int32_t imm = 0;
};
static_assert(sizeof(Slot) == 8);

/// The word at that offset of its page.
[[nodiscard]] Slot make_slot(std::uint32_t word, std::uint32_t offset);

struct CodePage {
    std::array<Slot, PAGE_SLOTS + 1> slots;
    std::uint64_t address = 0;
    const Page* content = nullptr;
    Page* writable = nullptr;  // set by the first store of a run, so that the page counts as written
    Page seen{};               // the content that the slots are of

    void fill(std::size_t index);
    /// The budget ends before that slot: whoever reaches it asks whether it is so. Precondition: index < PAGE_SLOTS.
    void stop_before(std::size_t index) { slots[index].kind = Kind::Stop; }
    /// Precondition: writable; aligned.
    void store(std::size_t offset, unsigned bytes, std::uint64_t value);
    /// Empties the slots whose words are no longer what was seen.
    void compare();

private:
    void empty(std::size_t index) {
        if (slots[index].kind != Kind::Stop) slots[index].kind = Kind::Undecoded;
    }
};

/// The code pages of one memory.
class CodePages {
public:
    static constexpr std::size_t MAX_PAGES = 4096;  // about 50 MiB

    /// Someone else may have written since.
    void begin_run();
    /// nullptr: not among those entered last.
    CodePage* find_near(std::uint64_t index) {
        const Near& near = near_[index % near_.size()];
        return near.page != nullptr && near.index == index ? near.page : nullptr;
    }
    /// nullptr: never entered.
    CodePage* find(std::uint64_t index);
    /// The page as code, whether or not it was; nullptr: no such page was written, all its words are zero.
    CodePage* enter(const Memory& memory, std::uint64_t index);

private:
    struct Known {
        CodePage page;
        std::uint64_t run = 0;  // in which it was compared
    };
    struct Near {
        std::uint64_t index = 0;
        CodePage* page = nullptr;
    };

    std::array<Near, 64> near_{};
    std::unordered_map<std::uint64_t, std::unique_ptr<Known>> pages_;
    std::uint64_t run_ = 0;
};

}  // namespace entresol::riscv
