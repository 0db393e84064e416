/* k-means: distances by blocks of rows on the pool, means in the order of the rows. */
#pragma STDC FP_CONTRACT OFF
#include "../include/ck_clusters.h"
#include "../include/ck_threads.h"
#include "ck_internal.h"
#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { ROWS = 64 };     /* preferred rows of a block */

typedef struct job {
    const float *x, *centres;
    float *halves;          /* K: |c_k|^2 / 2 */
    float *products;        /* M x K: <x_m, c_k>, each block its own */
    double *distances;      /* M: |x_m - c|^2 with the nearest centre */
    double *sums;           /* K x D */
    int64_t *counts;        /* K: rows of each cluster */
    int32_t *cluster;
    int32_t *changed;       /* of each block: how many rows went to another cluster */
    ptrdiff_t M, D, K, rows;
    ptrdiff_t fresh;        /* while centres are drawn: the newest */
} job;

static size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t ck_kmeans_workspace(ptrdiff_t M, ptrdiff_t D, ptrdiff_t K) {
    size_t m = (size_t)M, d = (size_t)D, k = (size_t)K;
    return rounded(k * 4) + rounded(m * k * 4) + rounded(m * 8) + rounded(k * d * 8) + rounded(k * 8) + rounded(m * 4);
}

static job start(const float *x, float *centres, int32_t *cluster, ptrdiff_t M, ptrdiff_t D, ptrdiff_t K, char *free) {
    size_t m = (size_t)M, d = (size_t)D, k = (size_t)K;
    job j = {.x = x, .centres = centres, .cluster = cluster, .M = M, .D = D, .K = K, .rows = ck_block(M, ROWS)};
    j.halves = (float *)free, free += rounded(k * 4);
    j.products = (float *)free, free += rounded(m * k * 4);
    j.distances = (double *)free, free += rounded(m * 8);
    j.sums = (double *)free, free += rounded(k * d * 8);
    j.counts = (int64_t *)free, free += rounded(k * 8);
    j.changed = (int32_t *)free;
    return j;
}

static double distance(const float *a, const float *b, ptrdiff_t D) {
    double sum = 0;
    for (ptrdiff_t i = 0; i < D; i++) {
        double difference = (double)a[i] - (double)b[i];
        sum += difference * difference;
    }
    return sum;
}

/* --- k-means++ -------------------------------------------------------------------------------- */

static void nearer_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t last = ck_min(j->M, (part + 1) * j->rows);
    for (ptrdiff_t m = part * j->rows; m < last; m++) {
        double d = distance(j->x + m * j->D, j->centres + j->fresh * j->D, j->D);
        if (j->fresh == 0 || d < j->distances[m]) j->distances[m] = d;
    }
}

static ptrdiff_t draw(const job *j, ck_random *random) {
    double total = 0;
    for (ptrdiff_t m = 0; m < j->M; m++) total += j->distances[m];
    if (!(total > 0)) return (ptrdiff_t)ck_random_below(random, (uint64_t)j->M);
    double left = ck_random_unit(random) * total;
    ptrdiff_t chosen = 0;
    for (ptrdiff_t m = 0; m < j->M; m++) {
        if (!(j->distances[m] > 0)) continue;
        chosen = m;         /* by rounding, `left` may outlast the last row */
        left -= j->distances[m];
        if (left < 0) break;
    }
    return chosen;
}

static void choose_centres(job *j, float *centres, ck_random *random) {
    size_t row = (size_t)j->D * sizeof(float);
    for (j->fresh = 0; j->fresh < j->K; j->fresh++) {
        ptrdiff_t m = j->fresh == 0 ? (ptrdiff_t)ck_random_below(random, (uint64_t)j->M) : draw(j, random);
        memcpy(centres + j->fresh * j->D, j->x + m * j->D, row);
        ck_threads_run(nearer_task, j, (int)ck_ceil_div(j->M, j->rows));
    }
}

/* --- Lloyd ------------------------------------------------------------------------------------ */

static void assign_task(void *context, int part, int parts) {
    (void)parts;
    const job *j = context;
    ptrdiff_t first = part * j->rows, n = ck_min(j->rows, j->M - first);
    float *products = j->products + first * j->K;
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)j->K, (int)j->D, 1, j->x + first * j->D, (int)j->D,
        j->centres, (int)j->D, 0, products, (int)j->K);
    int32_t changed = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        ptrdiff_t best = 0;
        float least = INFINITY;
        for (ptrdiff_t k = 0; k < j->K; k++) {
            float value = j->halves[k] - products[i * j->K + k];
            if (value < least) least = value, best = k;
        }
        changed += j->cluster[first + i] != (int32_t)best;
        j->cluster[first + i] = (int32_t)best;
        j->distances[first + i] = distance(j->x + (first + i) * j->D, j->centres + best * j->D, j->D);
    }
    j->changed[part] = changed;
}

/* Gives every row its nearest centre; returns how many changed. */
static int64_t assign(job *j) {
    for (ptrdiff_t k = 0; k < j->K; k++) {
        double square = 0;
        for (ptrdiff_t i = 0; i < j->D; i++) {
            double value = (double)j->centres[k * j->D + i];
            square += value * value;
        }
        j->halves[k] = (float)(square / 2);
    }
    int parts = (int)ck_ceil_div(j->M, j->rows);
    ck_threads_run(assign_task, j, parts);
    int64_t changed = 0;
    for (int part = 0; part < parts; part++) changed += j->changed[part];
    memset(j->counts, 0, (size_t)j->K * sizeof(int64_t));
    for (ptrdiff_t m = 0; m < j->M; m++) j->counts[j->cluster[m]]++;
    return changed;
}

/* An empty cluster takes the row farthest from its centre. Returns how many were empty. */
static int32_t refill(job *j, float *centres) {
    int32_t empty = 0;
    for (ptrdiff_t k = 0; k < j->K; k++) {
        if (j->counts[k] > 0) continue;
        ptrdiff_t farthest = -1;
        for (ptrdiff_t m = 0; m < j->M; m++) {
            if (j->counts[j->cluster[m]] < 2) continue;
            if (farthest < 0 || j->distances[m] > j->distances[farthest]) farthest = m;
        }
        j->counts[j->cluster[farthest]]--;
        j->cluster[farthest] = (int32_t)k;
        j->counts[k] = 1;
        j->distances[farthest] = 0;
        memcpy(centres + k * j->D, j->x + farthest * j->D, (size_t)j->D * sizeof(float));
        empty++;
    }
    return empty;
}

static void take_means(job *j, float *centres) {
    memset(j->sums, 0, (size_t)(j->K * j->D) * sizeof(double));
    for (ptrdiff_t m = 0; m < j->M; m++) {
        double *sum = j->sums + j->cluster[m] * j->D;
        const float *row = j->x + m * j->D;
        for (ptrdiff_t i = 0; i < j->D; i++) sum[i] += (double)row[i];
    }
    for (ptrdiff_t k = 0; k < j->K; k++)
        for (ptrdiff_t i = 0; i < j->D; i++)
            centres[k * j->D + i] = (float)(j->sums[k * j->D + i] / (double)j->counts[k]);
}

ck_status ck_kmeans(
    float *centres, int32_t *cluster, ck_kmeans_report *report, const float *x, ptrdiff_t M, ptrdiff_t D, ptrdiff_t K,
    int iterations, ck_random *random, void *workspace) {
    if (M < 1 || D < 1 || K < 1 || K > M || M > INT_MAX || D > INT_MAX) return CK_BAD_SHAPE;
    ck_threads_get();       /* the pool sets BLAS to one thread: the same bits for any number of cores */
    job j = start(x, centres, cluster, M, D, K, workspace);
    *report = (ck_kmeans_report){0};
    choose_centres(&j, centres, random);
    for (ptrdiff_t m = 0; m < M; m++) cluster[m] = -1;
    assign(&j);
    int32_t empty = refill(&j, centres);
    report->refilled = empty;
    while (report->iterations < iterations && !report->converged) {
        take_means(&j, centres);
        report->iterations++;
        int64_t changed = assign(&j);
        empty = refill(&j, centres);
        report->refilled += empty;
        report->converged = changed == 0 && empty == 0;
    }
    for (ptrdiff_t m = 0; m < M; m++) report->inertia += j.distances[m];
    return CK_OK;
}
