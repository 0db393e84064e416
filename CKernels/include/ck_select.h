#pragma once
#include "ck_status.h"
#include <stddef.h>
#include <stdint.h>

/* The magnitude of a given rank among many arrays, without sorting. Magnitudes of floats are ordered as
 * their bits are, so three counting passes over 11, 11 and 10 bits, the highest first, find it:
 *
 *   selection = {rank, 0, 0};
 *   while (selection.bits < 32) {
 *       counts = 0; ck_magnitude_count(counts, x, n, selection) for each array;
 *       selection = ck_magnitude_narrow(selection, counts);
 *   }
 *   the result is the float of bits selection.prefix */

enum { CK_SELECT_BUCKETS = 2048 };

typedef struct ck_magnitude_selection {
    uint64_t rank;      /* from 0, ascending, among the values that begin with the prefix */
    uint32_t prefix;    /* the `bits` highest bits of the value sought, in place */
    int32_t bits;
} ck_magnitude_select;

/* Adds to counts[next bits] for every x whose magnitude begins with the prefix. CK_NOT_FINITE for NaN. */
ck_status ck_magnitude_count(
    uint64_t *_Nonnull counts, const float *_Nonnull x, ptrdiff_t n, ck_magnitude_select selection);
ck_magnitude_select ck_magnitude_narrow(ck_magnitude_select selection, const uint64_t *_Nonnull counts);

/* mask = 1 where |x| >= threshold, else 0 */
void ck_magnitude_mask(float *_Nonnull mask, const float *_Nonnull x, float threshold, ptrdiff_t n);
