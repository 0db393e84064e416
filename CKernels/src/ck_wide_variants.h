/* Like ck_variants.h, for kernels that use the widest vectors there are: CK_BODY is built portable, for
 * AVX2 and for AVX-512, with CK_WIDE the vector and CK_ROWS the rows of the inner kernel that its
 * registers hold. CK_PICK_WIDE chooses. Contraction may stay on: see ck_micro.h. */
#define CK_SUFFIX portable
#define CK_WIDE ck_v4
#define CK_ROWS 6
#include CK_BODY
#undef CK_SUFFIX
#undef CK_WIDE
#if CK_HAS_AVX2
CK_AVX2_BEGIN
#define CK_SUFFIX avx2
#define CK_WIDE ck_v8
#include CK_BODY
#undef CK_SUFFIX
#undef CK_WIDE
CK_AVX2_END
#undef CK_ROWS
CK_AVX512_BEGIN
#define CK_SUFFIX avx512
#define CK_WIDE ck_v16
#define CK_ROWS 14
#include CK_BODY
#undef CK_SUFFIX
#undef CK_WIDE
CK_AVX2_END
#endif
#undef CK_ROWS
#undef CK_BODY
