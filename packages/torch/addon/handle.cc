#include "handle.h"

#include <atomic>
#include <memory>

namespace lucie {

namespace {

constexpr napi_type_tag kTensorTag = {0x6c75636965207465, 0x6e736f72206f6e65};
constexpr napi_type_tag kGeneratorTag = {0x6c75636965206765, 0x6e657261746f7231};

struct TensorHandle {
  at::Tensor tensor;
  bool disposed = false;
};

// Tensors that JavaScript holds, over all threads: tests hold it flat over many steps.
std::atomic<int64_t> liveTensors{0};

void release(TensorHandle& handle) {
  if (handle.disposed) return;
  handle.disposed = true;
  handle.tensor.reset();
  liveTensors--;
}

bool hasTag(napi_env env, napi_value value, const napi_type_tag& tag) {
  if (typeOf(env, value) != napi_external) return false;
  bool tagged = false;
  check(env, napi_check_object_type_tag(env, value, &tag, &tagged));
  return tagged;
}

// What the external points to; `expected` is for the error of anything else.
void* need(napi_env env, napi_value value, const napi_type_tag& tag, const char* expected, const char* argument) {
  if (!hasTag(env, value, tag)) throw Failure("ARGUMENT_TYPE", describe(env, value), expected, argument);
  void* data = nullptr;
  check(env, napi_get_value_external(env, value, &data));
  return data;
}

TensorHandle& needTensor(napi_env env, napi_value value, const char* argument) {
  return *static_cast<TensorHandle*>(need(env, value, kTensorTag, "a Tensor", argument));
}

napi_value dispose(const Arguments& a) {
  release(needTensor(a.env, a[0], "tensor"));
  return nothing(a.env);
}

napi_value isDisposed(const Arguments& a) { return fromBool(a.env, needTensor(a.env, a[0], "tensor").disposed); }

napi_value liveCount(const Arguments& a) { return fromInt(a.env, liveTensors.load()); }

}  // namespace

std::string describeHandle(napi_env env, napi_value value) {
  if (hasTag(env, value, kTensorTag)) return "a Tensor";
  return hasTag(env, value, kGeneratorTag) ? "a Generator" : "a pointer of another library";
}

napi_value wrapTensor(napi_env env, at::Tensor tensor) {
  auto handle = std::make_unique<TensorHandle>(TensorHandle{std::move(tensor)});
  const auto finalise = [](node_api_basic_env, void* data, void*) {
    std::unique_ptr<TensorHandle> owned(static_cast<TensorHandle*>(data));
    release(*owned);
  };
  napi_value value;
  check(env, napi_create_external(env, handle.get(), finalise, nullptr, &value));
  handle.release();
  liveTensors++;
  check(env, napi_type_tag_object(env, value, &kTensorTag));
  return value;
}

const at::Tensor& unwrapTensor(napi_env env, napi_value value, const char* argument) {
  const auto& handle = needTensor(env, value, argument);
  if (handle.disposed) throw Failure("TENSOR_DISPOSED", "a tensor that has been freed", "a live tensor", argument);
  return handle.tensor;
}

napi_value wrapGenerator(napi_env env, at::Generator generator) {
  auto handle = std::make_unique<at::Generator>(std::move(generator));
  const auto finalise = [](node_api_basic_env, void* data, void*) { delete static_cast<at::Generator*>(data); };
  napi_value value;
  check(env, napi_create_external(env, handle.get(), finalise, nullptr, &value));
  handle.release();
  check(env, napi_type_tag_object(env, value, &kGeneratorTag));
  return value;
}

const at::Generator& unwrapGenerator(napi_env env, napi_value value, const char* argument) {
  return *static_cast<at::Generator*>(need(env, value, kGeneratorTag, "a Generator", argument));
}

void addHandleFunctions(napi_env env, napi_value exports) {
  addFunction(env, exports, "dispose", dispose);
  addFunction(env, exports, "isDisposed", isDisposed);
  addFunction(env, exports, "liveTensors", liveCount);
}

}  // namespace lucie
