/* Private to CKernels: vectors of a fixed number of lanes. The same source gives the same bits as
 * portable code and as AVX2 code, as long as the file says FP_CONTRACT OFF. A loop over n values is
 *
 *     ptrdiff_t i = 0;
 *     CK_LANES(LOOP, i, n)
 *
 * with a macro LOOP(V, I, LANES) for one step: 16 lanes, then 8, then single values as vectors of one.
 * Vectors are never passed to functions: their calling convention depends on the instruction set. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define CK_VECTOR(type, bytes) type __attribute__((vector_size(bytes), aligned(4), may_alias))
typedef CK_VECTOR(float, 64) ck_v16;
typedef CK_VECTOR(float, 32) ck_v8;
typedef CK_VECTOR(float, 16) ck_v4;
typedef CK_VECTOR(float, 4) ck_v1;
typedef CK_VECTOR(int32_t, 64) ck_i16;
typedef CK_VECTOR(int32_t, 32) ck_i8;
typedef CK_VECTOR(int32_t, 4) ck_i1;
typedef uint8_t ck_u16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint8_t ck_u8 __attribute__((vector_size(8), aligned(1), may_alias));
typedef uint8_t ck_u1 __attribute__((vector_size(1), aligned(1), may_alias));

#define CK_LANES(LOOP, i, n)                                             \
    for (; (i) + 16 <= (n); (i) += 16) LOOP(ck_v16, ck_i16, 16)          \
    for (; (i) + 8 <= (n); (i) += 8) LOOP(ck_v8, ck_i8, 8)               \
    for (; (i) < (n); (i)++) LOOP(ck_v1, ck_i1, 1)

#define CK_LOAD(V, p) (*(const V *)(p))
#define CK_STORE(V, p) (*(V *)(p))
/* a where the mask (all bits or none, from a comparison) is set, else b; and a or 0 */
#define CK_SELECT(V, I, mask, a, b) ((V)(((mask) & (I)(a)) | (~(mask) & (I)(b))))
#define CK_KEEP(V, I, mask, a) ((V)((mask) & (I)(a)))

/* Stores a vector; past the caches where `stream` is set and it is of 16 lanes, which then lie on a line of 64
 * bytes. Streamed stores want CK_STREAM_END before another thread may read them. */
#define CK_PUT(V, LANES, stream, p, ...)                                        \
    do {                                                                        \
        typedef V aligned_vector __attribute__((aligned(LANES * 4)));           \
        V put = __VA_ARGS__;                                                    \
        if ((stream) && LANES == 16) __builtin_nontemporal_store(put, (aligned_vector *)(p)); \
        else CK_STORE(V, p) = put;                                              \
    } while (0)
#if defined(__x86_64__)
#define CK_STREAM_END() __builtin_ia32_sfence()
#else
#define CK_STREAM_END() ((void)0)
#endif
