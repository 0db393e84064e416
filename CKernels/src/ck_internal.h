/* Private to CKernels. How a kernel with vector versions is written:
 *
 *   - its loops stand in a file ck_<op>.inc, with plain C or vector_size types, written once;
 *   - ck_<op>.c includes that body twice: portable, and between CK_AVX2_BEGIN / CK_AVX2_END, under
 *     the names ck_<op>__portable and ck_<op>__avx2 (CK_VARIANT pastes the suffix);
 *   - the public ck_<op> calls CK_PICK(ck_<op>) which reads the level in force.
 */
#pragma once
#include "../include/ck_status.h"
#include "../include/ck_threads.h"
#include <stddef.h>

enum { CK_ISA_PORTABLE = 0, CK_ISA_AVX2 = 1, CK_ISA_AVX512 = 2 };

#define CK_PASTE2(a, b) a##__##b
#define CK_PASTE(a, b) CK_PASTE2(a, b)
/* In a body: CK_VARIANT(name) is name__portable or name__avx2, by what CK_SUFFIX is defined to. */
#define CK_VARIANT(name) CK_PASTE(name, CK_SUFFIX)

#if defined(__x86_64__)
#define CK_HAS_AVX2 1
#define CK_AVX2_BEGIN _Pragma("clang attribute push(__attribute__((target(\"avx2,fma\"))), apply_to = function)")
#define CK_AVX512_BEGIN \
    _Pragma("clang attribute push(__attribute__((target(\"avx512f,avx512vl,avx2,fma\"))), apply_to = function)")
#define CK_AVX2_END _Pragma("clang attribute pop")
#define CK_PICK(name) (ck_isa_get() >= CK_ISA_AVX2 ? name##__avx2 : name##__portable)
#define CK_PICK_WIDE(name, isa) \
    ((isa) >= CK_ISA_AVX512 ? name##__avx512 : (isa) >= CK_ISA_AVX2 ? name##__avx2 : name##__portable)
#else
#define CK_HAS_AVX2 0
#define CK_PICK(name) (name##__portable)
#define CK_PICK_WIDE(name, isa) ((void)(isa), name##__portable)
#endif

static inline ptrdiff_t ck_min(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t ck_max(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
static inline ptrdiff_t ck_ceil_div(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }

/* A block size for n items of work: the preferred one, or larger where that would make more than 4096
 * parts. Depends on the work only, never on the number of threads. */
static inline ptrdiff_t ck_block(ptrdiff_t n, ptrdiff_t preferred) {
    return ck_max(ck_max(preferred, 1), ck_ceil_div(n, 4096));
}
