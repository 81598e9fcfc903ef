// What a tensor is and holds: shape, type, bytes in and out.
#include "tensor.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "dtype.h"
#include "handle.h"

namespace lucie {

namespace {

struct Bytes {
  void* data;
  size_t size;
};

// A Uint8Array over the bytes; every other view is turned into one in TypeScript.
Bytes toBytes(napi_env env, napi_value value, const char* argument) {
  bool typed = false;
  check(env, napi_is_typedarray(env, value, &typed));
  napi_typedarray_type kind = napi_float64_array;
  Bytes bytes{nullptr, 0};
  if (typed) check(env, napi_get_typedarray_info(env, value, &kind, &bytes.size, &bytes.data, nullptr, nullptr));
  if (kind != napi_uint8_array) throw Failure("ARGUMENT_TYPE", describe(env, value), "a Uint8Array", argument);
  return bytes;
}

void expectSize(size_t found, size_t expected) {
  if (found != expected)
    throw Failure("DATA_SIZE", std::to_string(found) + " bytes", std::to_string(expected) + " bytes", "data");
}

napi_value fromBytes(const Arguments& a) {
  const auto bytes = toBytes(a.env, a[0], "data");
  const auto dtype = dtypeFromName(toString(a.env, a[1], "dtype"), "dtype");
  const auto shape = toInts(a.env, a[2], "shape");
  size_t elements = 1;
  for (const auto size : shape) {
    if (size < 0) throw Failure("ARGUMENT_TYPE", std::to_string(size), "sizes of 0 or more", "shape");
    if (__builtin_mul_overflow(elements, static_cast<size_t>(size), &elements) || elements > (size_t{1} << 56))
      throw Failure("DATA_SIZE", std::to_string(bytes.size) + " bytes", "more than any machine has", "data");
  }
  expectSize(bytes.size, elements * c10::elementSize(dtype));
  auto tensor = at::empty(shape, at::TensorOptions().dtype(dtype));
  if (bytes.size) std::memcpy(tensor.mutable_data_ptr(), bytes.data, bytes.size);
  return wrapTensor(a.env, std::move(tensor));
}

napi_value readBytes(const Arguments& a) {
  const auto tensor = unwrapTensor(a.env, a[0], "tensor").detach().cpu().contiguous();
  void* data = nullptr;
  napi_value buffer;
  check(a.env, napi_create_arraybuffer(a.env, tensor.nbytes(), &data, &buffer));
  if (tensor.nbytes()) std::memcpy(data, tensor.const_data_ptr(), tensor.nbytes());
  return buffer;
}

// Into the tensor's own memory, without a copy aside, in row-major order.
napi_value writeBytes(const Arguments& a) {
  const auto& tensor = unwrapTensor(a.env, a[0], "tensor");
  const auto bytes = toBytes(a.env, a[1], "data");
  expectSize(bytes.size, tensor.nbytes());
  if (!tensor.is_contiguous() || !tensor.is_cpu())
    throw Failure("ARGUMENT_TYPE", "a tensor that is a strided view or not on the CPU", "a contiguous CPU tensor",
                  "tensor");
  if (bytes.size) std::memcpy(tensor.mutable_data_ptr(), bytes.data, bytes.size);
  // Autograd notices when a tensor that it saved has changed since.
  if (!tensor.is_inference()) tensor.unsafeGetTensorImpl()->bump_version();
  return nothing(a.env);
}

napi_value shape(const Arguments& a) {
  const auto sizes = unwrapTensor(a.env, a[0], "tensor").sizes();
  napi_value array;
  check(a.env, napi_create_array_with_length(a.env, sizes.size(), &array));
  for (size_t i = 0; i < sizes.size(); i++) check(a.env, napi_set_element(a.env, array, i, fromInt(a.env, sizes[i])));
  return array;
}

napi_value dtype(const Arguments& a) {
  return fromString(a.env, dtypeName(unwrapTensor(a.env, a[0], "tensor").scalar_type()));
}

napi_value device(const Arguments& a) {
  return fromString(a.env, unwrapTensor(a.env, a[0], "tensor").device().str());
}

napi_value isContiguous(const Arguments& a) {
  return fromBool(a.env, unwrapTensor(a.env, a[0], "tensor").is_contiguous());
}

napi_value item(const Arguments& a) {
  const auto& tensor = unwrapTensor(a.env, a[0], "tensor");
  if (tensor.numel() != 1)
    throw Failure("ARGUMENT_TYPE", "a tensor of " + std::to_string(tensor.numel()) + " elements", "one element",
                  "tensor");
  const auto scalar = tensor.item();
  return scalar.isIntegral(false) ? fromInt(a.env, scalar.toLong()) : fromDouble(a.env, scalar.toDouble());
}

}  // namespace

void addTensorFunctions(napi_env env, napi_value exports) {
  addFunction(env, exports, "fromBytes", fromBytes);
  addFunction(env, exports, "readBytes", readBytes);
  addFunction(env, exports, "writeBytes", writeBytes);
  addFunction(env, exports, "shape", shape);
  addFunction(env, exports, "dtype", dtype);
  addFunction(env, exports, "device", device);
  addFunction(env, exports, "isContiguous", isContiguous);
  addFunction(env, exports, "item", item);
}

}  // namespace lucie
