#pragma once
#include <stddef.h>

/* 1 when none of the count values is NaN or infinite, else 0; 1 for count 0. */
int ck_all_finite(const float *_Nullable x, ptrdiff_t count);
