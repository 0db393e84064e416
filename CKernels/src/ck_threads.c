/* The thread pool. A region's state is one word: generation:32 | parts:16 | next:16. A part is
 * claimed by a compare-and-swap on the whole word, so a worker that wakes late can never take a part
 * of a region that is over; and the caller waits for parts, not for workers, so a worker that has
 * lost its core holds nothing up. */
#include "../include/ck_threads.h"
#include "ck_internal.h"
#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define RELAX() _mm_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ volatile("yield")
#else
#define RELAX() ((void)0)
#endif

enum { MAX_THREADS = 64, MAX_PARTS = 0xffff, SPIN = 2000 };

static _Atomic uint64_t state;
static _Atomic int finished, sleepers, waiting, quitting;
static ck_task region_task;
static void *region_context;
static int started;             /* workers running; guarded by callers */
static int wanted;              /* threads asked for; 0 before the first use */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, callers = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static pthread_t ids[MAX_THREADS];

#define NEXT(s) ((int)((s) & 0xffff))
#define PARTS(s) ((int)(((s) >> 16) & 0xffff))

static void drain(uint32_t generation) {
    uint64_t s = atomic_load_explicit(&state, memory_order_acquire);
    while ((uint32_t)(s >> 32) == generation && NEXT(s) < PARTS(s)) {
        if (!atomic_compare_exchange_weak_explicit(&state, &s, s + 1, memory_order_acq_rel, memory_order_acquire)) continue;
        int parts = PARTS(s);
        region_task(region_context, NEXT(s), parts);
        if (atomic_fetch_add(&finished, 1) + 1 == parts && atomic_load(&waiting)) {
            pthread_mutex_lock(&lock);
            pthread_cond_signal(&done);
            pthread_mutex_unlock(&lock);
        }
        s = atomic_load_explicit(&state, memory_order_acquire);
    }
}

static uint32_t current_generation(void) { return (uint32_t)(atomic_load(&state) >> 32); }

static void *worker(void *argument) {
    uint32_t seen = (uint32_t)(uintptr_t)argument, generation;
    for (;;) {
        for (int i = 0; (generation = current_generation()) == seen && !atomic_load(&quitting) && i < SPIN; i++) RELAX();
        if (generation == seen) {
            pthread_mutex_lock(&lock);
            atomic_fetch_add(&sleepers, 1);
            while ((generation = current_generation()) == seen && !atomic_load(&quitting)) pthread_cond_wait(&wake, &lock);
            atomic_fetch_sub(&sleepers, 1);
            pthread_mutex_unlock(&lock);
        }
        if (atomic_load(&quitting)) return NULL;
        seen = generation;
        drain(generation);
    }
}

static void stop_workers(void) {
    if (!started) return;
    pthread_mutex_lock(&lock);
    atomic_store(&quitting, 1);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < started; i++) pthread_join(ids[i], NULL);
    started = 0;
    atomic_store(&quitting, 0);
}

/* OpenBLAS has started threads when it was loaded, which keep cores busy before they sleep. It starts none again while
 * it is told to use one. Not in every build of it. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

static void start_workers(int threads) {
    /* BLAS calls happen inside parts: OpenBLAS must have no threads of its own. */
    openblas_set_num_threads(1);
    if (blas_thread_shutdown_) blas_thread_shutdown_();
    wanted = threads;
    while (started < threads - 1) {
        if (pthread_create(&ids[started], NULL, worker, (void *)(uintptr_t)current_generation())) break;
        started++;
    }
}

static int default_threads(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (int)n;
}

extern void *blas_memory_alloc(int) __attribute__((weak));
extern void blas_memory_free(void *) __attribute__((weak));

size_t ck_threads_workspace(void) { return (size_t)144 << 20; }

int ck_threads_take_workspaces(int threads) {
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    if (!blas_memory_alloc || !blas_memory_free) return threads;
    void *taken[MAX_THREADS];
    int had = 0;
    while (had < threads) {
        size_t size = ck_threads_workspace();
        void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
        if (room == MAP_FAILED) break;
        munmap(room, size);
        taken[had++] = blas_memory_alloc(0);
    }
    for (int i = 0; i < had; i++) blas_memory_free(taken[i]);
    return had;
}

int ck_threads_set(int threads) {
    if (threads < 1) threads = 1;
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    pthread_mutex_lock(&callers);
    stop_workers();
    start_workers(threads);
    int now = started + 1;
    pthread_mutex_unlock(&callers);
    return now;
}

int ck_threads_get(void) {
    pthread_mutex_lock(&callers);
    if (!wanted) start_workers(default_threads());
    int now = started + 1;
    pthread_mutex_unlock(&callers);
    return now;
}

void ck_threads_run(ck_task task, void *context, int parts) {
    pthread_mutex_lock(&callers);
    if (!wanted) start_workers(default_threads());
    if (!started || parts < 2 || parts > MAX_PARTS) {
        for (int p = 0; p < parts; p++) task(context, p, parts);
        pthread_mutex_unlock(&callers);
        return;
    }
    region_task = task;
    region_context = context;
    atomic_store(&finished, 0);
    uint32_t generation = current_generation() + 1;
    atomic_store(&state, (uint64_t)generation << 32 | (uint64_t)parts << 16);
    if (atomic_load(&sleepers)) {
        pthread_mutex_lock(&lock);
        pthread_cond_broadcast(&wake);
        pthread_mutex_unlock(&lock);
    }
    drain(generation);
    for (int i = 0; atomic_load(&finished) < parts && i < SPIN; i++) RELAX();
    if (atomic_load(&finished) < parts) {
        pthread_mutex_lock(&lock);
        atomic_store(&waiting, 1);
        while (atomic_load(&finished) < parts) pthread_cond_wait(&done, &lock);
        atomic_store(&waiting, 0);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_unlock(&callers);
}

/* --- instruction sets ------------------------------------------------------------------------- */

static _Atomic int isa = -1, isa_limit = CK_ISA_AVX512;

static int machine_isa(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") ? CK_ISA_AVX512 : CK_ISA_AVX2;
#endif
    return CK_ISA_PORTABLE;
}

int ck_isa_best(void) {
    int machine = machine_isa(), limit = atomic_load_explicit(&isa_limit, memory_order_relaxed);
    return machine < limit ? machine : limit;
}

void ck_isa_limit(int level) {
    atomic_store_explicit(&isa_limit, level < 0 ? CK_ISA_AVX512 : level, memory_order_relaxed);
    ck_isa_set(ck_isa_best());
}

int ck_isa_get(void) {
    int level = atomic_load_explicit(&isa, memory_order_relaxed);
    if (level >= 0) return level;
    level = ck_isa_best();
    atomic_store_explicit(&isa, level, memory_order_relaxed);
    return level;
}

int ck_isa_set(int level) {
    int best = ck_isa_best();
    if (level < 0 || level > best) level = best;
    atomic_store_explicit(&isa, level, memory_order_relaxed);
    return level;
}
