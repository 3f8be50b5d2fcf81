#include "core/riscv/fast_code.hpp"

#include "core/riscv/decode.hpp"

namespace entresol::riscv {
namespace {

// The kinds that are instructions, by Op; the others are made below.
constexpr std::array<Kind, 128> make_kinds() {
    std::array<Kind, 128> kinds{};
    for (auto& kind : kinds) kind = Kind::Step;
#define X(name) kinds[static_cast<std::size_t>(Op::name)] = Kind::name;
    ENTRESOL_RISCV_BRANCH(X)
    ENTRESOL_RISCV_LOAD(X)
    ENTRESOL_RISCV_STORE(X)
    ENTRESOL_RISCV_IMMEDIATE(X)
    ENTRESOL_RISCV_REGISTER(X)
    X(Lui)
    X(Auipc)
    X(Jal)
    X(Jalr)
    X(Ecall)
#undef X
    for (const Op op : {Op::Fence, Op::FenceI, Op::Wfi}) kinds[static_cast<std::size_t>(op)] = Kind::Skip;
    return kinds;
}
constexpr auto KINDS = make_kinds();
constexpr std::uint8_t FAR = static_cast<std::uint8_t>(Kind::BeqFar) - static_cast<std::uint8_t>(Kind::Beq);

constexpr bool is_branch(Kind kind) { return kind >= Kind::Beq && kind <= Kind::Bgeu; }
constexpr bool only_computes(Kind kind) { return kind >= Kind::Addi || kind == Kind::Lui || kind == Kind::Auipc; }

std::uint32_t word_at(const Page& page, std::size_t index) {
    std::uint32_t word = 0;
    std::memcpy(&word, page.data() + 4 * index, 4);
    return word;
}

// A jump to a place that is no multiple of four is step()'s, taken or not.
void aim(Slot& slot, std::int64_t target) {
    if (target % 4 != 0) {
        slot.kind = Kind::Step;
    } else if (target < 0 || target >= static_cast<std::int64_t>(PAGE_BYTES)) {
        slot.kind =
            slot.kind == Kind::Jal ? Kind::JalFar : static_cast<Kind>(static_cast<std::uint8_t>(slot.kind) + FAR);
        slot.imm = static_cast<std::int32_t>(target);
    } else {
        slot.imm /= 4;
    }
}

}  // namespace

Slot make_slot(std::uint32_t word, std::uint32_t offset) {
    const Instruction i = decode(word);
    const auto imm = static_cast<std::int32_t>(i.imm);
    Slot slot{KINDS[static_cast<std::size_t>(i.op)], i.rd == 0 ? NOWHERE : i.rd, i.rs1, i.rs2, imm};
    if (slot.kind == Kind::Auipc) slot.imm += static_cast<std::int32_t>(offset);  // imm's low twelve bits are zero
    if (slot.kind == Kind::Jal || is_branch(slot.kind)) aim(slot, std::int64_t{imm} + offset);
    if (only_computes(slot.kind) && slot.rd == NOWHERE) slot.kind = Kind::Skip;
    return slot;
}

void CodePage::fill(std::size_t index) {
    slots[index] = make_slot(word_at(seen, index), static_cast<std::uint32_t>(4 * index));
}

void CodePage::store(std::size_t offset, unsigned bytes, std::uint64_t value) {
    std::memcpy(writable->data() + offset, &value, bytes);
    std::memcpy(seen.data() + offset, &value, bytes);
    empty(offset / 4);
    if (bytes == 8) empty(offset / 4 + 1);
}

void CodePage::compare() {
    if (*content == seen) return;
    for (std::size_t i = 0; i < PAGE_SLOTS; ++i)
        if (word_at(*content, i) != word_at(seen, i)) empty(i);
    seen = *content;
}

void CodePages::begin_run() {
    near_.fill({});
    ++run_;
}

CodePage* CodePages::find(std::uint64_t index) {
    if (CodePage* near = find_near(index)) return near;
    const auto found = pages_.find(index);
    if (found == pages_.end()) return nullptr;
    Known& known = *found->second;
    if (known.run != run_) {
        known.run = run_;
        known.page.writable = nullptr;
        known.page.compare();
    }
    near_[index % near_.size()] = {index, &known.page};
    return &known.page;
}

CodePage* CodePages::enter(const Memory& memory, std::uint64_t index) {
    if (CodePage* known = find(index)) return known;
    const Page* content = memory.find_page(index);
    if (content == nullptr) return nullptr;
    if (pages_.size() >= MAX_PAGES) {
        pages_.clear();
        near_.fill({});
    }
    Known& known = *pages_.emplace(index, std::make_unique<Known>()).first->second;
    known.run = run_;
    known.page.address = index * PAGE_BYTES;
    known.page.content = content;
    known.page.seen = *content;
    known.page.slots[PAGE_SLOTS].kind = Kind::PageEnd;
    near_[index % near_.size()] = {index, &known.page};
    return &known.page;
}

}  // namespace entresol::riscv
