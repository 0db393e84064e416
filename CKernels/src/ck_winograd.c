/* The transforms of ck_winograd.h in vectors over channels. */
#include "ck_winograd.h"
#include "ck_internal.h"
#include "ck_vector.h"

/* Points of m = 4, and the factors of G: 1 / (a^2 b^2), 1 / (2 a^2 (a^2 - b^2)), 1 / (2 b^2 (b^2 - a^2)). */
#define A 0.75f
#define B 1.5f
#define G0 (float)(64.0 / 81)
#define GA (float)(-128.0 / 243)
#define GB (float)(32.0 / 243)

#define CK_BODY "ck_winograd.inc"
#include "ck_wide_variants.h"

ck_winograd ck_winograd_get(int m, int isa) {
    return m == 2 ? CK_PICK_WIDE(winograd2, isa) : CK_PICK_WIDE(winograd4, isa);
}
