#pragma once
#include <stddef.h>

/* One pool for the whole process. Idle workers sleep; they never spin for longer than some
 * microseconds. A region's parts must not start regions of their own. */

typedef void (*ck_task)(void *_Nullable context, int part, int parts);
#define CK_SENDABLE __attribute__((swift_attr("@Sendable")))

/* Sets how many threads work on a region, the caller included (1...64). Results do not depend on
 * it. Not to be called while a region runs. Returns the number in force. */
int ck_threads_set(int threads);
int ck_threads_get(void);

/* Where address space is limited: takes the workspaces of BLAS for so many threads that call it at once, or as many as
 * there is room for, and returns how many these are. OpenBLAS tries for ever to get one when it first needs it; those it
 * has it keeps. */
int ck_threads_take_workspaces(int threads);
/* Bytes of one, at most. */
size_t ck_threads_workspace(void);

/* Runs task(context, part, parts) for every part in 0 ..< parts, on the pool and the caller, and
 * returns when all are done. The order is free: parts may only write what is theirs. */
void ck_threads_run(CK_SENDABLE ck_task _Nonnull task, void *_Nullable context, int parts);

/* Instruction sets the kernels may use: 0 portable C, 1 AVX2 + FMA, 2 AVX-512. Defaults to the best
 * of this machine; tests lower it to run every version. Returns the level in force. */
int ck_isa_set(int level);
int ck_isa_get(void);
/* The best level of this machine, whatever is in force; convolutions are planned for it. */
int ck_isa_best(void);
/* Makes a lower level the best of this process: to measure, or to get another machine's bits. Before any plan is made. */
void ck_isa_limit(int level);
