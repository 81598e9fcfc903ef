/* OpenMP's number of threads belongs to the calling thread, and calls come from any thread of a pool: said with each. */
#include "e5.h"
#include <omp.h>

int lucie_embed(e5_model *model, const char *text, int is_query, int threads, float *out) {
  omp_set_num_threads(threads);
  return e5_embed(model, text, is_query, out);
}
