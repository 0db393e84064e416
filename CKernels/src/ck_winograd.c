/* The transforms of ck_winograd.h in vectors over channels. */
#include "ck_winograd.h"
#include "ck_internal.h"
#include "ck_vector.h"

enum { UNIT2 = CK_WINOGRAD_UNIT2, UNIT4 = CK_WINOGRAD_UNIT4, STRIDED4 = CK_WINOGRAD_STRIDED4 };

/* Rows of a tile, constants where the kind is one. */
#define OUTPUTS(kind) ((kind) == UNIT2 ? 2 : 4)
#define DATA_OUTPUTS(kind) ((kind) == STRIDED4 ? 8 : OUTPUTS(kind))
#define PRODUCTS(kind) ((kind) == STRIDED4 ? 9 : OUTPUTS(kind) + 2)
#define WINDOW(kind) PRODUCTS(kind)
#define DATA_WINDOW(kind) ((kind) == STRIDED4 ? 5 : WINDOW(kind))
#define FACTORS(kind) ((kind) == STRIDED4 ? 6 : PRODUCTS(kind))

/* Points of F(4, 3), and the factors of its G: 1 / (a^2 b^2), 1 / (2 a^2 (a^2 - b^2)), 1 / (2 b^2 (b^2 - a^2)). */
#define A CK_F43_A
#define B CK_F43_B
#define G0 (float)(64.0 / 81)
#define GA (float)(-128.0 / 243)
#define GB (float)(32.0 / 243)
/* Points of F(4, 2), and the factors of its G: 1 / (2 (c^2 - d^2)) and the negative. */
#define C 0.5f
#define D 1.25f
#define GC (float)(-8.0 / 21)
#define GD (float)(8.0 / 21)

/* A vector of `count` values, the rest 0; and the first `count` values of one. */
static inline ck_v4 load_part__portable(const float *p, ptrdiff_t count) {
    ck_v4 v = {0};
    for (ptrdiff_t i = 0; i < count; i++) v[i] = p[i];
    return v;
}
static inline void store_part__portable(float *p, ck_v4 v, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) p[i] = v[i];
}
#if CK_HAS_AVX2
#include <immintrin.h>
CK_AVX2_BEGIN
#define MASK(count) _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
static inline __attribute__((always_inline)) ck_v8 load_part__avx2(const float *p, ptrdiff_t count) {
    return (ck_v8)_mm256_maskload_ps(p, MASK(count));
}
static inline __attribute__((always_inline)) void store_part__avx2(float *p, ck_v8 v, ptrdiff_t count) {
    _mm256_maskstore_ps(p, MASK(count), (__m256)v);
}
#undef MASK
CK_AVX2_END
CK_AVX512_BEGIN
static inline __attribute__((always_inline)) ck_v16 load_part__avx512(const float *p, ptrdiff_t count) {
    return (ck_v16)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
static inline __attribute__((always_inline)) void store_part__avx512(float *p, ck_v16 v, ptrdiff_t count) {
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}
CK_AVX2_END
#endif

#define CK_BODY "ck_winograd.inc"
#include "ck_wide_variants.h"

ck_winograd ck_winograd_get(ck_winograd_kind kind, int isa) {
    switch (kind) {
    case CK_WINOGRAD_UNIT2: return CK_PICK_WIDE(winograd_UNIT2, isa);
    case CK_WINOGRAD_UNIT4: return CK_PICK_WIDE(winograd_UNIT4, isa);
    case CK_WINOGRAD_STRIDED4: break;
    }
    return CK_PICK_WIDE(winograd_STRIDED4, isa);
}
