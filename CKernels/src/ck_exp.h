/* Private to CKernels: the exponential of vectors, see ck_vector.h. For files with FP_CONTRACT OFF.
 *
 *   e^x = 2^n e^r,  n = round(x log2 e),  r = x - n ln 2,  |r| <= ln 2 / 2
 *
 * with ln 2 in two parts, the first of few bits so that n times it is exact, and a polynomial of degree
 * 7 (coefficients of Cephes expf, S. Moshier). Relative error below 2e-7. 0 below -87 (never denormal),
 * limited to e^88 above, NaN for NaN. */
#pragma once
#include "ck_vector.h"

#define CK_FILL(V, value) ((V){0} + (value))

#define CK_EXP(V, I, result, argument)                                                              \
    do {                                                                                            \
        V ck_x = (argument);                                                                        \
        I ck_small = ck_x < -87.0f;                                                                 \
        V ck_a = CK_SELECT(V, I, ck_small, CK_FILL(V, -87.0f), ck_x);                               \
        ck_a = CK_SELECT(V, I, ck_a > 88.0f, CK_FILL(V, 88.0f), ck_a);                              \
        V ck_t = ck_a * 1.44269504088896341f + 12582912.0f;     /* 1.5 2^23: rounds to an integer */ \
        I ck_n = (I)ck_t - 0x4b400000;                                                              \
        ck_t = ck_t - 12582912.0f;                                                                  \
        V ck_r = ck_a - ck_t * 0.693359375f;                                                        \
        ck_r = ck_r + ck_t * 2.12194440e-4f;                                                        \
        V ck_p = ck_r * 1.9875691500e-4f + 1.3981999507e-3f;                                        \
        ck_p = ck_p * ck_r + 8.3334519073e-3f;                                                      \
        ck_p = ck_p * ck_r + 4.1665795894e-2f;                                                      \
        ck_p = ck_p * ck_r + 1.6666665459e-1f;                                                      \
        ck_p = ck_p * ck_r + 5.0000001201e-1f;                                                      \
        ck_p = ck_p * (ck_r * ck_r) + ck_r + 1.0f;                                                  \
        V ck_scale = (V)((ck_n + 127) << 23);                                                       \
        (result) = CK_KEEP(V, I, ~ck_small, ck_p * ck_scale);                                       \
    } while (0)

/* The sum, and the largest, of the lanes of a ck_v16, halves folded on each other. */
#define CK_FOLD16(result, vector, JOIN)                                                             \
    do {                                                                                            \
        float ck_lane[16];                                                                          \
        CK_STORE(ck_v16, ck_lane) = (vector);                                                       \
        for (int ck_h = 8; ck_h >= 1; ck_h /= 2)                                                    \
            for (int ck_l = 0; ck_l < ck_h; ck_l++) ck_lane[ck_l] = JOIN(ck_lane[ck_l], ck_lane[ck_l + ck_h]); \
        (result) = ck_lane[0];                                                                      \
    } while (0)
#define CK_JOIN_SUM(a, b) ((a) + (b))
#define CK_JOIN_MAX(a, b) ((a) > (b) ? (a) : (b))
#define CK_SHUFFLE __builtin_shufflevector

/* The sums of the lanes of four ck_v16 as a ck_v4: halves folded on each other. */
#define CK_FOLD4(result, v0, v1, v2, v3)                                                            \
    do {                                                                                            \
        ck_v4 ck_q0, ck_q1, ck_q2, ck_q3;                                                           \
        CK_QUARTER(ck_q0, v0);                                                                      \
        CK_QUARTER(ck_q1, v1);                                                                      \
        CK_QUARTER(ck_q2, v2);                                                                      \
        CK_QUARTER(ck_q3, v3);                                                                      \
        ck_v4 ck_low = CK_SHUFFLE(ck_q0, ck_q1, 0, 4, 1, 5) + CK_SHUFFLE(ck_q0, ck_q1, 2, 6, 3, 7); \
        ck_v4 ck_high = CK_SHUFFLE(ck_q2, ck_q3, 0, 4, 1, 5) + CK_SHUFFLE(ck_q2, ck_q3, 2, 6, 3, 7); \
        (result) = CK_SHUFFLE(ck_low, ck_high, 0, 1, 4, 5) + CK_SHUFFLE(ck_low, ck_high, 2, 3, 6, 7); \
    } while (0)
#define CK_QUARTER(result, vector)                                                                  \
    do {                                                                                            \
        ck_v8 ck_half = CK_SHUFFLE(vector, vector, 0, 1, 2, 3, 4, 5, 6, 7)                          \
            + CK_SHUFFLE(vector, vector, 8, 9, 10, 11, 12, 13, 14, 15);                             \
        (result) = CK_SHUFFLE(ck_half, ck_half, 0, 1, 2, 3) + CK_SHUFFLE(ck_half, ck_half, 4, 5, 6, 7); \
    } while (0)
