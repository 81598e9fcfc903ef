// Memory of CPU tensors. A training step asks for the same sizes in the same order again and again; the C library
// would give large blocks back to the system each time, and fetching them anew costs a page fault per 4 kB.
#pragma once

#include "napi.h"

namespace lucie {

// Takes over from libtorch's own allocator for tensors made from now on.
void installAllocator();

void addAllocatorFunctions(napi_env env, napi_value exports);

}  // namespace lucie
