#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <sys/mman.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace lucie {

namespace {

constexpr size_t kAlignment = 64;
// Smaller blocks are what the C library is good at.
constexpr size_t kSmallest = 64 << 10;
// Larger ones are cut from regions of this size, or get one of their own.
constexpr size_t kRegion = 64 << 20;
constexpr size_t kHugePage = 2 << 20;
// Between two blocks: tensors whose sizes are powers of two would otherwise compete for the same lines of the first
// cache.
constexpr size_t kGap = 5 * kAlignment;
// Memory of unused blocks that is kept for the next step, at most; beyond it all of it goes back to the system.
constexpr size_t kMostKept = size_t{2} << 30;

// Stands in the 64 bytes before every tensor's data.
struct Header {
  // Bytes that the tensor may use; blocks of one size serve each other.
  size_t size;
};
static_assert(sizeof(Header) <= kAlignment);

std::atomic<int64_t> liveBytes{0};

// At most an eighth more than asked for: sizes of one shape then share blocks, and few sizes occur.
size_t roundUp(size_t bytes) {
  const size_t step = std::max(kSmallest / 8, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

Header& headerOf(void* data) { return *reinterpret_cast<Header*>(static_cast<char*>(data) - kAlignment); }

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    const c10::Device cpu(c10::DeviceType::CPU);
    if (bytes == 0) return {nullptr, nullptr, &free, cpu};
    TORCH_CHECK(bytes < size_t{1} << 62, "a tensor of ", bytes, " bytes was asked for");
    void* data = bytes < kSmallest ? small(bytes) : large(roundUp(bytes));
    liveBytes += static_cast<int64_t>(headerOf(data).size);
    return {data, data, &free, cpu};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &free; }

  void copy_data(void* to, const void* from, size_t count) const override { default_copy_data(to, from, count); }

  static CachingAllocator& instance() {
    // Never destroyed: tensors may outlive static objects at the end of the process.
    static auto* allocator = new CachingAllocator;
    return *allocator;
  }

 private:
  static void free(void* data) {
    if (!data) return;
    const auto size = headerOf(data).size;
    liveBytes -= static_cast<int64_t>(size);
    if (size < kSmallest) std::free(&headerOf(data));
    else instance().keep(data, size);
  }

  static void* small(size_t bytes) {
    void* block = nullptr;
    TORCH_CHECK(posix_memalign(&block, kAlignment, bytes + kAlignment) == 0, "no memory for a tensor of ", bytes, " bytes");
    return begin(block, bytes);
  }

  static void* begin(void* block, size_t size) {
    void* data = static_cast<char*>(block) + kAlignment;
    headerOf(data) = {size};
    return data;
  }

  void* large(size_t size) {
    const std::lock_guard lock(mutex_);
    auto& unused = unused_[size];
    if (!unused.warm.empty()) {
      keptBytes_ -= size;
      return pop(unused.warm);
    }
    if (!unused.cold.empty()) return pop(unused.cold);
    const size_t length = size + kGap;
    if (length > kRegion / 4) return begin(map(length), size);
    if (length > left_) {
      next_ = map(kRegion);
      left_ = kRegion;
    }
    void* block = next_;
    next_ += length;
    left_ -= length;
    return begin(block, size);
  }

  static void* pop(std::vector<void*>& blocks) {
    void* data = blocks.back();
    blocks.pop_back();
    return data;
  }

  static char* map(size_t length) {
    // One huge page more, so that there is room to begin on one.
    const size_t whole = (length + kHugePage - 1) / kHugePage * kHugePage;
    void* memory = mmap(nullptr, whole + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(memory != MAP_FAILED, "no memory for a tensor of ", length, " bytes");
    char* first = static_cast<char*>(memory) + (kHugePage - reinterpret_cast<uintptr_t>(memory) % kHugePage) % kHugePage;
    // Pages of 2 MB where the system has them to spare: 512 times fewer faults, fewer address look-ups later.
    madvise(first, whole, MADV_HUGEPAGE);
    return first;
  }

  void keep(void* data, size_t size) {
    const std::lock_guard lock(mutex_);
    unused_[size].warm.push_back(data);
    keptBytes_ += size;
    if (keptBytes_ > kMostKept) giveBack();
  }

  // The addresses stay with their blocks; the system takes the memory and brings zeros when it is next touched.
  void giveBack() {
    constexpr uintptr_t page = 4096;
    for (auto& [size, unused] : unused_) {
      for (void* data : unused.warm) {
        const auto first = (reinterpret_cast<uintptr_t>(data) + page - 1) / page * page;
        const auto last = (reinterpret_cast<uintptr_t>(data) + size) / page * page;
        madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
        unused.cold.push_back(data);
      }
      unused.warm.clear();
    }
    keptBytes_ = 0;
  }

  // Blocks of one size that no tensor uses: with memory behind them, and without.
  struct Unused {
    std::vector<void*> warm, cold;
  };

  std::mutex mutex_;
  std::map<size_t, Unused> unused_;
  size_t keptBytes_ = 0;
  char* next_ = nullptr;
  size_t left_ = 0;
};

napi_value liveBytesOf(const Arguments& a) { return fromInt(a.env, liveBytes.load()); }

}  // namespace

void installAllocator() { c10::SetCPUAllocator(&CachingAllocator::instance(), 200); }

void addAllocatorFunctions(napi_env env, napi_value exports) { addFunction(env, exports, "liveBytes", liveBytesOf); }

}  // namespace lucie
