/* Private to CKernels: shares of a workspace. There are more parts than threads, so a part takes a share
 * while it runs. Which one it gets must not influence its result. When more threads run than there are
 * shares, the others wait. */
#pragma once
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct ck_slots {
    _Atomic uint64_t free;      /* a bit for each share */
} ck_slots;

/* count: 1 ... 64 */
static inline void ck_slots_init(ck_slots *slots, int count) {
    atomic_init(&slots->free, count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1);
}

static inline int ck_slot_take(ck_slots *slots) {
    uint64_t free = atomic_load_explicit(&slots->free, memory_order_relaxed);
    for (;;) {
        if (!free) {
            sched_yield();
            free = atomic_load_explicit(&slots->free, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak_explicit(
                       &slots->free, &free, free & (free - 1), memory_order_acquire, memory_order_relaxed)) {
            return __builtin_ctzll(free);
        }
    }
}

static inline void ck_slot_give(ck_slots *slots, int slot) {
    atomic_fetch_or_explicit(&slots->free, (uint64_t)1 << slot, memory_order_release);
}
