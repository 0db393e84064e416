/* CKernels: every hot loop of Harmonia, in C.
 *
 * Conventions, for every header of this folder
 *   Names      ck_<op> is public; ck_<op>__avx2 is one implementation and stays private.
 *   Gradients  d + the forward name, in the same file as the forward.
 *   Order      outputs, inputs (const), geometry, options, workspace.
 *   Letters    N images, H W height and width, C input channels, K output channels (or classes),
 *              R S kernel height and width, P Q output height and width, M rows, D columns.
 *   Layout     activations N H W C, convolution weights K R S C, linear weights out x in; row-major.
 *   Memory     a function reads and writes only what it is given, needs no alignment, and its
 *              outputs may not overlap its inputs unless its comment says so.
 *   Status     success means that the outputs are valid.
 *   Bits       work is cut in fixed blocks and partial sums are added in block order, so results
 *              are the same bits for any number of threads.
 */
#pragma once
#include "ck_activation.h"
#include "ck_clusters.h"
#include "ck_contrastive.h"
#include "ck_digest.h"
#include "ck_conv.h"
#include "ck_finite.h"
#include "ck_image.h"
#include "ck_layout.h"
#include "ck_linear.h"
#include "ck_memory.h"
#include "ck_norm.h"
#include "ck_operation.h"
#include "ck_optimizers.h"
#include "ck_peak.h"
#include "ck_picture.h"
#include "ck_pooling.h"
#include "ck_probe.h"
#include "ck_random.h"
#include "ck_rows.h"
#include "ck_select.h"
#include "ck_sinkhorn.h"
#include "ck_status.h"
#include "ck_structure.h"
#include "ck_threads.h"
#include "ck_tsne.h"
#include "ck_view.h"
