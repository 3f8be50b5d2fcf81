// Each instruction ends with its own jump to the next one's label, so that the processor predicts each pair apart. Steps are counted
// where control is transferred: between two transfers lies at most a page.
#include "core/riscv/fast_run.hpp"

#include <algorithm>

#include "core/riscv/compute.hpp"
#include "core/riscv/machine_access.hpp"

// Labels as values and computed goto are extensions of GCC and Clang.
#pragma GCC diagnostic ignored "-Wpedantic"
#if defined(__GNUC__) && !defined(__clang__)
// They would merge the jumps at the ends of instructions into one.
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

namespace entresol::riscv {
namespace {

constexpr Page ZERO_PAGE{};

template <typename T>
[[gnu::always_inline]] inline std::uint64_t read(const std::uint8_t* page, std::uint64_t address) {
    T value;
    std::memcpy(&value, page + address % PAGE_BYTES, sizeof(T));
    return value;
}
template <typename T>
[[gnu::always_inline]] inline void write(std::uint8_t* page, std::uint64_t address, T value) {
    std::memcpy(page + address % PAGE_BYTES, &value, sizeof(T));
}

}  // namespace

// Memory as single steps and machine calls reach it: through the tables of pages, which it keeps true.
class FastRunner::FastAccess final : public MachineAccess {
public:
    explicit FastAccess(FastRunner& runner) : MachineAccess(runner.machine_), runner_(runner) {}

    void read(std::uint64_t address, std::span<std::uint8_t> to) override {
        while (!to.empty()) {
            const std::uint64_t offset = address % PAGE_BYTES;
            const std::size_t count = std::min<std::size_t>(to.size(), PAGE_BYTES - offset);
            const LoadPlace& place = runner_.loads_.data()[place_of(address)];
            if (place.tag != address - offset) runner_.find_for_load(address);
            std::copy_n(place.page + offset, count, to.begin());
            to = to.subspan(count);
            address += count;
        }
    }
    void write(std::uint64_t address, ByteView bytes) override {
        while (!bytes.empty()) {
            const std::uint64_t offset = address % PAGE_BYTES;
            const std::size_t count = std::min<std::size_t>(bytes.size(), PAGE_BYTES - offset);
            const StorePlace& place = runner_.stores_.data()[place_of(address)];
            if (place.tag == address - offset)
                std::copy_n(bytes.begin(), count, place.page + offset);
            else if (!runner_.write_in_page(address, bytes.first(count)))
                return;
            bytes = bytes.subspan(count);
            address += count;
        }
    }

private:
    FastRunner& runner_;
};

FastRunner::Called FastRunner::make_call_at(std::uint64_t pc, std::uint64_t* registers) {
    if (!is_call(registers[A7])) return Called::Step;
    Hart& hart = machine_.hart;
    hart.pc = pc;
    std::copy_n(registers, hart.x.size(), hart.x.begin());
    const auto plan = plan_call(hart);
    FastAccess access(*this);
    if (!plan || !make_legal_call(hart, *plan, access)) return Called::Step;
    registers[A0] = hart.x[A0];
    registers[A0 + 1] = hart.x[A0 + 1];
    was_exhausted_by_call_ = machine_.memory.is_exhausted();
    return was_exhausted_by_call_ ? Called::Exhausted : Called::Done;
}

// False: the host's limit.
bool FastRunner::write_in_page(std::uint64_t address, ByteView bytes) {
    Page* page = machine_.memory.make_page(address / PAGE_BYTES);
    if (page == nullptr) return false;
    std::copy(bytes.begin(), bytes.end(), page->begin() + static_cast<std::ptrdiff_t>(address % PAGE_BYTES));
    loads_.remember(address, page->data());  // it may have been the page of zeros
    if (CodePage* code = code_.find(address / PAGE_BYTES)) {
        code->writable = page;
        code->compare();
    } else {
        stores_.remember(address, page->data());
    }
    return true;
}

CodePage* FastRunner::enter(std::uint64_t pc) {
    if (CodePage* page = code_.find_near(pc / PAGE_BYTES)) return page;
    CodePage* page = code_.enter(machine_.memory, pc / PAGE_BYTES);
    if (page != nullptr) stores_.forget(pc);  // stores to code take the longer way from now on
    return page;
}

void FastRunner::find_for_load(std::uint64_t address) {
    const Page* page = machine_.memory.find_page(address / PAGE_BYTES);
    loads_.remember(address, page == nullptr ? ZERO_PAGE.data() : page->data());
}

FastRunner::Stored FastRunner::find_for_store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
    if (address % bytes != 0) return Stored::Step;
    CodePage* code = code_.find(address / PAGE_BYTES);
    if (code != nullptr && code->writable != nullptr) {
        code->store(address % PAGE_BYTES, bytes, value);
        return Stored::Done;
    }
    Page* page = machine_.memory.make_page(address / PAGE_BYTES);
    if (page == nullptr) return Stored::Step;
    loads_.remember(address, page->data());  // it may have been the page of zeros
    if (code == nullptr) {
        stores_.remember(address, page->data());
        return Stored::Retry;
    }
    code->writable = page;
    code->store(address % PAGE_BYTES, bytes, value);
    return Stored::Done;
}

std::uint64_t FastRunner::run(std::uint64_t max_steps) {
    constexpr std::uint64_t MAX_BUDGET = std::uint64_t{1} << 62;  // signed arithmetic below
    Hart& hart = machine_.hart;
    loads_.forget();
    stores_.forget();
    code_.begin_run();
    machine_.missing.reset();
    FastAccess access(*this);
    std::uint64_t left = max_steps;
    while (left > 0 && hart.status == Status::Running && !machine_.memory.is_exhausted()) {
        if (CodePage* page = enter(hart.pc)) {
            const std::uint64_t budget = std::min(left, MAX_BUDGET);
            const std::uint64_t rest = interpret(page, budget);
            left -= budget - rest;
            if (rest == 0 || was_exhausted_by_call_) continue;
        }
        if (!step(hart, access)) break;
        --left;
    }
    return max_steps - left;
}

// Every state of the loop has (credit − the number of the slot in its page) steps left. A transfer within the page therefore adds the
// distance less one, and no more need be asked than whether credit reaches the page's end; if not, the budget ends before
// the slot of that number, and a stop is put there.
std::uint64_t FastRunner::interpret(CodePage* page, std::uint64_t budget) {
#define X(name) &&L_##name,
#define X_FAR(name) &&L_##name##Far,
    static const void* const labels[] = {&&L_Undecoded,
                                         &&L_PageEnd,
                                         &&L_Stop,
                                         &&L_Step,
                                         &&L_Ecall,
                                         &&L_Skip,
                                         &&L_Lui,
                                         &&L_Auipc,
                                         &&L_Jal,
                                         &&L_JalFar,
                                         &&L_Jalr,
                                         ENTRESOL_RISCV_BRANCH(X) ENTRESOL_RISCV_BRANCH(X_FAR) ENTRESOL_RISCV_LOAD(X)
                                             ENTRESOL_RISCV_STORE(X) ENTRESOL_RISCV_IMMEDIATE(X)
                                                 ENTRESOL_RISCV_REGISTER(X)};
#undef X
#undef X_FAR
    constexpr auto SLOTS = static_cast<std::int64_t>(PAGE_SLOTS);
    Hart& hart = machine_.hart;
    const LoadPlace* const loads = loads_.data();
    const StorePlace* const stores = stores_.data();
    std::uint64_t x[33] = {};  // the last is NOWHERE
    unsigned width = 0;
    std::copy(hart.x.begin(), hart.x.end(), x);
    std::uint64_t target = hart.pc;
    Slot* s = &page->slots[target % PAGE_BYTES / 4];
    std::int64_t credit = (s - page->slots.data()) + static_cast<std::int64_t>(budget);

#define NUMBER (s - page->slots.data())
#define SAME goto* labels[static_cast<unsigned>(s->kind)]
#define NEXT  \
    do {      \
        ++s;  \
        SAME; \
    } while (false)
#define GO_NEAR                               \
    do {                                      \
        const std::int64_t distance = s->imm; \
        credit += distance - 1;               \
        s += distance;                        \
        if (credit < SLOTS) [[unlikely]]      \
            goto careful;                     \
        SAME;                                 \
    } while (false)
#define HERE (page->address + 4 * static_cast<std::uint64_t>(NUMBER))
#define IMM as_unsigned(s->imm)

    if (credit < SLOTS) {
        goto careful;
    }
    SAME;

L_Undecoded:
    page->fill(static_cast<std::size_t>(NUMBER));
    SAME;
L_PageEnd:
    budget = static_cast<std::uint64_t>(credit - SLOTS);
    target = page->address + PAGE_BYTES;
    goto enter_target;
L_Stop:
    if (NUMBER == credit) {
        goto leave;
    }
    s->kind = Kind::Undecoded;
    SAME;
L_Step:
    goto leave;

transfer:  // to the target, from s
    budget = static_cast<std::uint64_t>(credit - NUMBER - 1);
enter_target:
    page = enter(target);
    if (page == nullptr) {
        hart.pc = target;
        goto leave_with_pc;
    }
    s = &page->slots[target % PAGE_BYTES / 4];
    credit = NUMBER + static_cast<std::int64_t>(budget);
    if (credit >= SLOTS) SAME;
careful:
    if (credit == NUMBER) {
        goto leave;
    }
    page->stop_before(static_cast<std::size_t>(credit));
    SAME;
leave:
    budget = static_cast<std::uint64_t>(credit - NUMBER);
    hart.pc = HERE;
leave_with_pc:
    std::copy_n(x, hart.x.size(), hart.x.begin());
    return budget;

find_load:
    if (target % width != 0) {
        goto leave;
    }
    find_for_load(target);
    SAME;
find_store:
    switch (find_for_store(target, width, x[s->rs2])) {
        case Stored::Done: NEXT;
        case Stored::Retry: SAME;
        case Stored::Step: goto leave;
    }

L_Ecall:
    switch (make_call_at(HERE, x)) {
        case Called::Done: NEXT;
        case Called::Step: goto leave;
        case Called::Exhausted: return static_cast<std::uint64_t>(credit - NUMBER - 1);
    }

L_Skip:
    NEXT;
L_Lui:
    x[s->rd] = IMM;
    NEXT;
L_Auipc:
    x[s->rd] = page->address + IMM;
    NEXT;
L_Jal:
    x[s->rd] = HERE + 4;
    GO_NEAR;
L_JalFar:
    x[s->rd] = HERE + 4;
    target = page->address + IMM;
    goto transfer;
L_Jalr:
    target = (x[s->rs1] + IMM) & ~std::uint64_t{1};
    if (target % 4 != 0) {
        goto leave;
    }
    x[s->rd] = HERE + 4;
    goto transfer;

#define X(name)                                         \
    L_##name : {                                        \
        if (is_taken(Op::name, x[s->rs1], x[s->rs2])) { \
            GO_NEAR;                                    \
        }                                               \
        NEXT;                                           \
    }                                                   \
    L_##name##Far : {                                   \
        if (is_taken(Op::name, x[s->rs1], x[s->rs2])) { \
            target = page->address + IMM;               \
            goto transfer;                              \
        }                                               \
        NEXT;                                           \
    }
    ENTRESOL_RISCV_BRANCH(X)
#undef X
#define X(name)                                              \
    L_##name : x[s->rd] = compute(Op::name, x[s->rs1], IMM); \
    NEXT;
    ENTRESOL_RISCV_IMMEDIATE(X)
#undef X
#define X(name)                                                    \
    L_##name : x[s->rd] = compute(Op::name, x[s->rs1], x[s->rs2]); \
    NEXT;
    ENTRESOL_RISCV_REGISTER(X)
#undef X

#define LOAD(name, type)                                                        \
    L_##name : {                                                                \
        constexpr Access ACCESS = load_of(Op::name);                            \
        static_assert(ACCESS.bytes == sizeof(type));                            \
        const std::uint64_t address = x[s->rs1] + IMM;                          \
        const LoadPlace& entry = loads[place_of(address)];                      \
        if (entry.tag != tag_of<ACCESS.bytes>(address)) [[unlikely]] {          \
            target = address;                                                   \
            width = ACCESS.bytes;                                               \
            goto find_load;                                                     \
        }                                                                       \
        const std::uint64_t value = read<type>(entry.page, address);            \
        x[s->rd] = ACCESS.is_signed ? sign_extend(value, ACCESS.bytes) : value; \
        NEXT;                                                                   \
    }
    LOAD(Lb, std::uint8_t)
    LOAD(Lh, std::uint16_t)
    LOAD(Lw, std::uint32_t)
    LOAD(Ld, std::uint64_t)
    LOAD(Lbu, std::uint8_t)
    LOAD(Lhu, std::uint16_t)
    LOAD(Lwu, std::uint32_t)

#define STORE(name, type)                                              \
    L_##name : {                                                       \
        static_assert(store_bytes(Op::name) == sizeof(type));          \
        const std::uint64_t address = x[s->rs1] + IMM;                 \
        const StorePlace& entry = stores[place_of(address)];           \
        if (entry.tag != tag_of<sizeof(type)>(address)) [[unlikely]] { \
            target = address;                                          \
            width = sizeof(type);                                      \
            goto find_store;                                           \
        }                                                              \
        write(entry.page, address, static_cast<type>(x[s->rs2]));      \
        NEXT;                                                          \
    }
    STORE(Sb, std::uint8_t)
    STORE(Sh, std::uint16_t)
    STORE(Sw, std::uint32_t)
    STORE(Sd, std::uint64_t)
}

}  // namespace entresol::riscv
