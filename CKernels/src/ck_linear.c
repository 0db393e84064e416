/* Matrix products: OpenBLAS, one call per fixed tile of the result. */
#include "../include/ck_linear.h"
#include "ck_internal.h"
#include <cblas.h>
#include <limits.h>
#include <string.h>

typedef struct job {
    float *c;
    const float *a, *b, *bias;
    ptrdiff_t M, N, K, tile_m, tile_n, across;      /* across: tiles side by side */
    int ta, tb;
} job;

static void task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t m0 = part / j->across * j->tile_m, n0 = part % j->across * j->tile_n;
    ptrdiff_t m = ck_min(j->tile_m, j->M - m0), n = ck_min(j->tile_n, j->N - n0);
    float *c = j->c + m0 * j->N + n0;
    if (j->bias || j->K == 0)
        for (ptrdiff_t i = 0; i < m; i++) {
            if (j->bias) memcpy(c + i * j->N, j->bias + n0, (size_t)n * sizeof(float));
            else memset(c + i * j->N, 0, (size_t)n * sizeof(float));
        }
    if (j->K == 0) return;
    const float *a = j->a + (j->ta ? m0 : m0 * j->K), *b = j->b + (j->tb ? n0 * j->K : n0);
    cblas_sgemm(
        CblasRowMajor, j->ta ? CblasTrans : CblasNoTrans, j->tb ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)j->K,
        1, a, (int)(j->ta ? j->M : j->K), b, (int)(j->tb ? j->K : j->N), j->bias ? 1 : 0, c, (int)j->N);
}

/* Starts from tiles that BLAS runs at full speed and halves them until there is work for eight parts,
 * but not where the whole product is not worth a thread's waking. */
static void choose_tiles(job *j) {
    j->tile_m = ck_min(j->M, 256);
    j->tile_n = ck_min(j->N, 512);
    if ((double)j->M * (double)j->N * (double)j->K < 1e6) j->tile_m = ck_max(j->M, 1), j->tile_n = ck_max(j->N, 1);
    else
        while (ck_ceil_div(j->M, j->tile_m) * ck_ceil_div(j->N, j->tile_n) < 8 && (j->tile_m > 64 || j->tile_n > 64)) {
            if (j->tile_m >= j->tile_n) j->tile_m = (j->tile_m + 1) / 2;
            else j->tile_n = (j->tile_n + 1) / 2;
        }
    ptrdiff_t parts = ck_ceil_div(j->M, j->tile_m) * ck_ceil_div(j->N, j->tile_n);
    if (parts > 4096) j->tile_m *= ck_ceil_div(parts, 4096);
    j->across = ck_ceil_div(j->N, j->tile_n);
}

ck_status ck_gemm(
    float *c, const float *a, const float *b, const float *bias, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K, int transpose_a,
    int transpose_b) {
    if (M < 0 || N < 0 || K < 0 || M > INT_MAX || N > INT_MAX || K > INT_MAX) return CK_BAD_SHAPE;
    if (M == 0 || N == 0) return CK_OK;
    job j = {.c = c, .a = a, .b = b, .bias = bias, .M = M, .N = N, .K = K, .ta = transpose_a, .tb = transpose_b};
    choose_tiles(&j);
    ck_threads_run(task, &j, (int)(ck_ceil_div(M, j.tile_m) * j.across));
    return CK_OK;
}
