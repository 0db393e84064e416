/* Plans of convolutions, and the choice of the algorithm. */
#include "ck_conv_internal.h"
#include "ck_internal.h"
#include <limits.h>
#include <stdint.h>

static const ck_conv_methods *methods(ck_conv_algorithm algorithm) {
    switch (algorithm) {
    case CK_CONV_IM2COL: return &ck_conv_im2col;
    case CK_CONV_DIRECT: return &ck_conv_direct;
    case CK_CONV_WINOGRAD2:
    case CK_CONV_WINOGRAD4: return &ck_conv_winograd;
    case CK_CONV_FAST:
    case CK_CONV_EXACT: break;
    }
    return NULL;
}

/* --- choice -----------------------------------------------------------------------------------
 *
 * Costs in multiply-adds of the inner kernel, of which a pixel's or tile's values cost some as well: they come from memory,
 * and a Winograd convolution transforms them and its weights. The factors are measured. */
static double winograd_cost(const ck_conv *g, ptrdiff_t m) {
    ptrdiff_t n = g->stride_h == 2 ? 9 : m + 2;
    double tiles = (double)g->N * (double)(ck_ceil_div(g->P, m) * ck_ceil_div(g->Q, m));
    double c = (double)g->C, k = (double)g->K, of_value = g->stride_h == 2 ? 8 : 13, of_weight = 2;
    return (double)(n * n) * (tiles * c * k + of_value * tiles * (c + k) + of_weight * c * k);
}

static double direct_cost(const ck_conv *g) {
    double pixels = (double)g->N * (double)(g->P * g->Q), c = (double)g->C, k = (double)g->K, of_value = 20;
    return pixels * ((double)(g->R * g->S) * c * k + of_value * (c + k));
}

/* Fills the plan by the first algorithm, of those in question from the cheapest on, that can do it. */
static ck_status choose(ck_conv *g, ck_conv_algorithm wanted) {
    double winograd2 = winograd_cost(g, 2), winograd4 = winograd_cost(g, 4), direct = direct_cost(g);
    ck_conv_algorithm order[] = {
        winograd4 < winograd2 ? CK_CONV_WINOGRAD4 : CK_CONV_WINOGRAD2, CK_CONV_DIRECT, CK_CONV_IM2COL};
    int first = wanted == CK_CONV_EXACT || (winograd2 >= direct && winograd4 >= direct);
    ck_status status = CK_BAD_VALUE;
    for (int i = first; i < 3 && status == CK_BAD_VALUE; i++) {
        g->algorithm = order[i];
        status = methods(g->algorithm)->plan(g);
    }
    return status;
}

/* --- plan ------------------------------------------------------------------------------------- */

/* Whether the product of the factors, all positive, is at most `limit`. */
static int fits(ptrdiff_t limit, const ptrdiff_t *factors, int n) {
    for (int i = 0; i < n; i++) {
        if (factors[i] > limit) return 0;
        limit /= factors[i];
    }
    return 1;
}

ck_status ck_conv_plan(
    ck_conv *plan, ptrdiff_t N, ptrdiff_t H, ptrdiff_t W, ptrdiff_t C, ptrdiff_t K, ptrdiff_t R, ptrdiff_t S,
    ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t pad_h, ptrdiff_t pad_w, ck_conv_algorithm algorithm) {
    if (N < 1 || H < 1 || W < 1 || C < 1 || K < 1 || R < 1 || S < 1) return CK_BAD_SHAPE;
    if (stride_h < 1 || stride_w < 1 || pad_h < 0 || pad_w < 0) return CK_BAD_SHAPE;
    if (stride_h > INT_MAX || stride_w > INT_MAX || pad_h > INT_MAX || pad_w > INT_MAX) return CK_BAD_SHAPE;
    if (R > INT_MAX || S > INT_MAX || H > INT_MAX || W > INT_MAX) return CK_BAD_SHAPE;
    if (R > H + 2 * pad_h || S > W + 2 * pad_w) return CK_BAD_SHAPE;
    int chosen = algorithm == CK_CONV_FAST || algorithm == CK_CONV_EXACT;
    if (!chosen && !methods(algorithm)) return CK_BAD_VALUE;
    ck_conv g = {
        .N = N, .H = H, .W = W, .C = C, .K = K, .R = R, .S = S, .stride_h = stride_h, .stride_w = stride_w,
        .pad_h = pad_h, .pad_w = pad_w, .P = (H + 2 * pad_h - R) / stride_h + 1,
        .Q = (W + 2 * pad_w - S) / stride_w + 1, .algorithm = algorithm, .isa = ck_isa_best(),
        .shares = ck_threads_get()};
    /* BLAS counts in int; every tensor must be addressable in bytes */
    ptrdiff_t patch[] = {R, S, ck_max(C, K)}, w[] = {K, R, S, C};
    ptrdiff_t x[] = {N, H, W, C}, y[] = {N, g.P, g.Q, K}, limit = PTRDIFF_MAX / (ptrdiff_t)sizeof(float);
    if (!fits(INT_MAX, patch, 3) || !fits(limit, w, 4) || !fits(limit, x, 4) || !fits(limit, y, 4)) return CK_BAD_SHAPE;
    ck_status status = chosen ? choose(&g, algorithm) : methods(algorithm)->plan(&g);
    if (status == CK_OK) *plan = g;
    return status;
}

size_t ck_conv_workspace(const ck_conv *plan, ck_conv_pass pass) {
    return methods(plan->algorithm)->workspace(plan, pass);
}

void ck_conv_forward(float *y, const float *x, const float *w, const ck_conv *plan, float *workspace) {
    methods(plan->algorithm)->forward(y, x, w, plan, workspace);
}

void ck_conv_backward_data(float *dx, const float *dy, const float *w, const ck_conv *plan, float *workspace) {
    methods(plan->algorithm)->backward_data(dx, dy, w, plan, workspace, 0);
}

void ck_conv_backward_data_add(float *dx, const float *dy, const float *w, const ck_conv *plan, float *workspace) {
    methods(plan->algorithm)->backward_data(dx, dy, w, plan, workspace, 1);
}

void ck_conv_backward_weight(float *dw, const float *dy, const float *x, const ck_conv *plan, float *workspace) {
    methods(plan->algorithm)->backward_weight(dw, dy, x, plan, workspace);
}

typedef struct reduction {
    float *out;
    const float *partials;
    ptrdiff_t weights, ranges, block;
} reduction;

static void reduce_task(void *context, int part, int parts) {
    (void)parts;
    const reduction *j = context;
    ptrdiff_t first = part * j->block, last = ck_min(first + j->block, j->weights);
    enum { AT_ONCE = 64 };      /* sums that advance side by side */
    for (ptrdiff_t i = first, n; i < last; i += n) {
        double sum[AT_ONCE] = {0};
        n = ck_min(AT_ONCE, last - i);
        for (ptrdiff_t r = 0; r < j->ranges; r++) {
            const float *partial = j->partials + r * j->weights + i;
            if (n == AT_ONCE)
                for (int k = 0; k < AT_ONCE; k++) sum[k] += (double)partial[k];
            else
                for (ptrdiff_t k = 0; k < n; k++) sum[k] += (double)partial[k];
        }
        for (ptrdiff_t k = 0; k < n; k++) j->out[i + k] = (float)sum[k];
    }
}

void ck_conv_reduce(float *dw, const float *partials, ptrdiff_t weights, ptrdiff_t ranges) {
    reduction j = {.out = dw, .partials = partials, .weights = weights, .ranges = ranges};
    j.block = ck_block(weights, 4096);
    ck_threads_run(reduce_task, &j, (int)ck_ceil_div(weights, j.block));
}
