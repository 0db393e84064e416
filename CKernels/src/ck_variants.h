/* Includes the file named by CK_BODY once per instruction set, with CK_SUFFIX set (see ck_internal.h).
 * No include guard: a source file uses it once for its body. */
#define CK_SUFFIX portable
#include CK_BODY
#undef CK_SUFFIX
#if CK_HAS_AVX2
CK_AVX2_BEGIN
#define CK_SUFFIX avx2
#include CK_BODY
#undef CK_SUFFIX
CK_AVX2_END
#endif
#undef CK_BODY
