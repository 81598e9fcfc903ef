// Generated from operators.txt and libtorch's own schemas by src/generate/write.ts. Do not edit.
// biome-ignore-all format: as the generator writes it, so that a test can compare
import { callOperator } from '../dispatch.ts';
import type { DType } from '../dtype.ts';
import type { Generator } from '../generator.ts';
import type { Tensor } from '../tensor.ts';

/** `aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function zeros(size: readonly number[], opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::zeros', [size, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor` */
export function zeros_like(input: Tensor, opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::zeros_like', [input, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function ones(size: readonly number[], opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::ones', [size, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor` */
export function ones_like(input: Tensor, opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::ones_like', [input, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor` */
export function empty(size: readonly number[], opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::empty.memory_format', [size, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function full(size: readonly number[], fill_value: number, opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::full', [size, fill_value, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function arange(end: number, opts: { dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::arange', [end, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function arange_start_step(start: number, end: number, opts: { step?: number | undefined; dtype?: DType | null | undefined; device?: string | null | undefined } = {}): Tensor {
  return callOperator('aten::arange.start_step', [start, end, opts.step, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::randn.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randn(size: readonly number[], opts: { generator: Generator | null; dtype?: DType | null | undefined; device?: string | null | undefined }): Tensor {
  return callOperator('aten::randn.generator', [size, opts.generator, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::rand.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function rand(size: readonly number[], opts: { generator: Generator | null; dtype?: DType | null | undefined; device?: string | null | undefined }): Tensor {
  return callOperator('aten::rand.generator', [size, opts.generator, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randperm(n: number, opts: { generator: Generator | null; dtype?: DType | null | undefined; device?: string | null | undefined }): Tensor {
  return callOperator('aten::randperm.generator', [n, opts.generator, opts.dtype, undefined, opts.device]) as Tensor;
}

/** `aten::normal_(Tensor(a!) self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor(a!)` */
export function normal_(input: Tensor, opts: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined } = {}): Tensor {
  (callOperator('aten::normal_', [input, opts.mean, opts.std, opts.generator]) as Tensor).dispose();
  return input;
}

/** `aten::uniform_(Tensor(a!) self, float from=0., float to=1., *, Generator? generator=None) -> Tensor(a!)` */
export function uniform_(input: Tensor, opts: { from?: number | undefined; to?: number | undefined; generator?: Generator | null | undefined } = {}): Tensor {
  (callOperator('aten::uniform_', [input, opts.from, opts.to, opts.generator]) as Tensor).dispose();
  return input;
}

/** `aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor` */
export function multinomial(input: Tensor, num_samples: number, opts: { replacement?: boolean | undefined; generator?: Generator | null | undefined } = {}): Tensor {
  return callOperator('aten::multinomial', [input, num_samples, opts.replacement, opts.generator]) as Tensor;
}

/** `aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor` */
export function clone(input: Tensor): Tensor {
  return callOperator('aten::clone', [input]) as Tensor;
}

/** `aten::detach(Tensor(a) self) -> Tensor(a)` */
export function detach(input: Tensor): Tensor {
  return callOperator('aten::detach', [input]) as Tensor;
}

/** `aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)` */
export function copy_(input: Tensor, src: Tensor): Tensor {
  (callOperator('aten::copy_', [input, src]) as Tensor).dispose();
  return input;
}

/** `aten::zero_(Tensor(a!) self) -> Tensor(a!)` */
export function zero_(input: Tensor): Tensor {
  (callOperator('aten::zero_', [input]) as Tensor).dispose();
  return input;
}

/** `aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)` */
export function fill_(input: Tensor, value: number): Tensor {
  (callOperator('aten::fill_.Scalar', [input, value]) as Tensor).dispose();
  return input;
}

/** `aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)` */
export function to(input: Tensor, dtype: DType, opts: { copy?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::to.dtype', [input, dtype, undefined, opts.copy]) as Tensor;
}

/** `aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)` */
export function view(input: Tensor, size: readonly number[]): Tensor {
  return callOperator('aten::view', [input, size]) as Tensor;
}

/** `aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)` */
export function reshape(input: Tensor, shape: readonly number[]): Tensor {
  return callOperator('aten::reshape', [input, shape]) as Tensor;
}

/** `aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)` */
export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  return callOperator('aten::transpose.int', [input, dim0, dim1]) as Tensor;
}

/** `aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)` */
export function permute(input: Tensor, dims: readonly number[]): Tensor {
  return callOperator('aten::permute', [input, dims]) as Tensor;
}

/** `aten::t(Tensor(a) self) -> Tensor(a)` */
export function t(input: Tensor): Tensor {
  return callOperator('aten::t', [input]) as Tensor;
}

/** `aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)` */
export function contiguous(input: Tensor): Tensor {
  return callOperator('aten::contiguous', [input]) as Tensor;
}

/** `aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)` */
export function unsqueeze(input: Tensor, dim: number): Tensor {
  return callOperator('aten::unsqueeze', [input, dim]) as Tensor;
}

/** `aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)` */
export function squeeze(input: Tensor, dim: number): Tensor {
  return callOperator('aten::squeeze.dim', [input, dim]) as Tensor;
}

/** `aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)` */
export function expand(input: Tensor, size: readonly number[], opts: { implicit?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::expand', [input, size, opts.implicit]) as Tensor;
}

/** `aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)` */
export function flatten(input: Tensor, opts: { start_dim?: number | undefined; end_dim?: number | undefined } = {}): Tensor {
  return callOperator('aten::flatten.using_ints', [input, opts.start_dim, opts.end_dim]) as Tensor;
}

/** `aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor` */
export function repeat_interleave(input: Tensor, repeats: number, opts: { dim?: number | null | undefined; output_size?: number | null | undefined } = {}): Tensor {
  return callOperator('aten::repeat_interleave.self_int', [input, repeats, opts.dim, opts.output_size]) as Tensor;
}

/** `aten::cat(Tensor[] tensors, int dim=0) -> Tensor` */
export function cat(tensors: readonly Tensor[], opts: { dim?: number | undefined } = {}): Tensor {
  return callOperator('aten::cat', [tensors, opts.dim]) as Tensor;
}

/** `aten::stack(Tensor[] tensors, int dim=0) -> Tensor` */
export function stack(tensors: readonly Tensor[], opts: { dim?: number | undefined } = {}): Tensor {
  return callOperator('aten::stack', [tensors, opts.dim]) as Tensor;
}

/** `aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]` */
export function chunk(input: Tensor, chunks: number, opts: { dim?: number | undefined } = {}): Tensor[] {
  return callOperator('aten::chunk', [input, chunks, opts.dim]) as Tensor[];
}

/** `aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]` */
export function split(input: Tensor, split_size: number, opts: { dim?: number | undefined } = {}): Tensor[] {
  return callOperator('aten::split.Tensor', [input, split_size, opts.dim]) as Tensor[];
}

/** `aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]` */
export function split_with_sizes(input: Tensor, split_sizes: readonly number[], opts: { dim?: number | undefined } = {}): Tensor[] {
  return callOperator('aten::split_with_sizes', [input, split_sizes, opts.dim]) as Tensor[];
}

/** `aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)` */
export function slice(input: Tensor, opts: { dim?: number | undefined; start?: number | null | undefined; end?: number | null | undefined; step?: number | undefined } = {}): Tensor {
  return callOperator('aten::slice.Tensor', [input, opts.dim, opts.start, opts.end, opts.step]) as Tensor;
}

/** `aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)` */
export function narrow(input: Tensor, dim: number, start: number, length: number): Tensor {
  return callOperator('aten::narrow', [input, dim, start, length]) as Tensor;
}

/** `aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)` */
export function select(input: Tensor, dim: number, index: number): Tensor {
  return callOperator('aten::select.int', [input, dim, index]) as Tensor;
}

/** `aten::index_select(Tensor self, int dim, Tensor index) -> Tensor` */
export function index_select(input: Tensor, dim: number, index: Tensor): Tensor {
  return callOperator('aten::index_select', [input, dim, index]) as Tensor;
}

/** `aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor` */
export function index(input: Tensor, indices: readonly (Tensor | null)[]): Tensor {
  return callOperator('aten::index.Tensor', [input, indices]) as Tensor;
}

/** `aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)` */
export function index_put_(input: Tensor, indices: readonly (Tensor | null)[], values: Tensor, opts: { accumulate?: boolean | undefined } = {}): Tensor {
  (callOperator('aten::index_put_', [input, indices, values, opts.accumulate]) as Tensor).dispose();
  return input;
}

/** `aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor` */
export function gather(input: Tensor, dim: number, index: Tensor, opts: { sparse_grad?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::gather', [input, dim, index, opts.sparse_grad]) as Tensor;
}

/** `aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor` */
export function scatter(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return callOperator('aten::scatter.src', [input, dim, index, src]) as Tensor;
}

/** `aten::scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)` */
export function scatter_add_(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  (callOperator('aten::scatter_add_', [input, dim, index, src]) as Tensor).dispose();
  return input;
}

/** `aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor` */
export function masked_fill(input: Tensor, mask: Tensor, value: number): Tensor {
  return callOperator('aten::masked_fill.Scalar', [input, mask, value]) as Tensor;
}

/** `aten::masked_select(Tensor self, Tensor mask) -> Tensor` */
export function masked_select(input: Tensor, mask: Tensor): Tensor {
  return callOperator('aten::masked_select', [input, mask]) as Tensor;
}

/** `aten::tril(Tensor self, SymInt diagonal=0) -> Tensor` */
export function tril(input: Tensor, opts: { diagonal?: number | undefined } = {}): Tensor {
  return callOperator('aten::tril', [input, opts.diagonal]) as Tensor;
}

/** `aten::triu(Tensor self, SymInt diagonal=0) -> Tensor` */
export function triu(input: Tensor, opts: { diagonal?: number | undefined } = {}): Tensor {
  return callOperator('aten::triu', [input, opts.diagonal]) as Tensor;
}

/** `aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor` */
export function where(condition: Tensor, input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::where.self', [condition, input, other]) as Tensor;
}

/** `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor` */
export function add(input: Tensor, other: Tensor, opts: { alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::add.Tensor', [input, other, opts.alpha]) as Tensor;
}

/** `aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor` */
export function add_Scalar(input: Tensor, other: number, opts: { alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::add.Scalar', [input, other, opts.alpha]) as Tensor;
}

/** `aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)` */
export function add_(input: Tensor, other: Tensor, opts: { alpha?: number | undefined } = {}): Tensor {
  (callOperator('aten::add_.Tensor', [input, other, opts.alpha]) as Tensor).dispose();
  return input;
}

/** `aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)` */
export function add__Scalar(input: Tensor, other: number, opts: { alpha?: number | undefined } = {}): Tensor {
  (callOperator('aten::add_.Scalar', [input, other, opts.alpha]) as Tensor).dispose();
  return input;
}

/** `aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor` */
export function sub(input: Tensor, other: Tensor, opts: { alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::sub.Tensor', [input, other, opts.alpha]) as Tensor;
}

/** `aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor` */
export function sub_Scalar(input: Tensor, other: number, opts: { alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::sub.Scalar', [input, other, opts.alpha]) as Tensor;
}

/** `aten::sub_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)` */
export function sub_(input: Tensor, other: Tensor, opts: { alpha?: number | undefined } = {}): Tensor {
  (callOperator('aten::sub_.Tensor', [input, other, opts.alpha]) as Tensor).dispose();
  return input;
}

/** `aten::mul.Tensor(Tensor self, Tensor other) -> Tensor` */
export function mul(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::mul.Tensor', [input, other]) as Tensor;
}

/** `aten::mul.Scalar(Tensor self, Scalar other) -> Tensor` */
export function mul_Scalar(input: Tensor, other: number): Tensor {
  return callOperator('aten::mul.Scalar', [input, other]) as Tensor;
}

/** `aten::mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)` */
export function mul_(input: Tensor, other: Tensor): Tensor {
  (callOperator('aten::mul_.Tensor', [input, other]) as Tensor).dispose();
  return input;
}

/** `aten::mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)` */
export function mul__Scalar(input: Tensor, other: number): Tensor {
  (callOperator('aten::mul_.Scalar', [input, other]) as Tensor).dispose();
  return input;
}

/** `aten::div.Tensor(Tensor self, Tensor other) -> Tensor` */
export function div(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::div.Tensor', [input, other]) as Tensor;
}

/** `aten::div.Scalar(Tensor self, Scalar other) -> Tensor` */
export function div_Scalar(input: Tensor, other: number): Tensor {
  return callOperator('aten::div.Scalar', [input, other]) as Tensor;
}

/** `aten::div_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)` */
export function div_(input: Tensor, other: Tensor): Tensor {
  (callOperator('aten::div_.Tensor', [input, other]) as Tensor).dispose();
  return input;
}

/** `aten::div_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)` */
export function div__Scalar(input: Tensor, other: number): Tensor {
  (callOperator('aten::div_.Scalar', [input, other]) as Tensor).dispose();
  return input;
}

/** `aten::addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)` */
export function addcmul_(input: Tensor, tensor1: Tensor, tensor2: Tensor, opts: { value?: number | undefined } = {}): Tensor {
  (callOperator('aten::addcmul_', [input, tensor1, tensor2, opts.value]) as Tensor).dispose();
  return input;
}

/** `aten::addcdiv_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)` */
export function addcdiv_(input: Tensor, tensor1: Tensor, tensor2: Tensor, opts: { value?: number | undefined } = {}): Tensor {
  (callOperator('aten::addcdiv_', [input, tensor1, tensor2, opts.value]) as Tensor).dispose();
  return input;
}

/** `aten::lerp_.Scalar(Tensor(a!) self, Tensor end, Scalar weight) -> Tensor(a!)` */
export function lerp_(input: Tensor, end: Tensor, weight: number): Tensor {
  (callOperator('aten::lerp_.Scalar', [input, end, weight]) as Tensor).dispose();
  return input;
}

/** `aten::neg(Tensor self) -> Tensor` */
export function neg(input: Tensor): Tensor {
  return callOperator('aten::neg', [input]) as Tensor;
}

/** `aten::abs(Tensor self) -> Tensor` */
export function abs(input: Tensor): Tensor {
  return callOperator('aten::abs', [input]) as Tensor;
}

/** `aten::square(Tensor self) -> Tensor` */
export function square(input: Tensor): Tensor {
  return callOperator('aten::square', [input]) as Tensor;
}

/** `aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor` */
export function pow(input: Tensor, exponent: number): Tensor {
  return callOperator('aten::pow.Tensor_Scalar', [input, exponent]) as Tensor;
}

/** `aten::reciprocal(Tensor self) -> Tensor` */
export function reciprocal(input: Tensor): Tensor {
  return callOperator('aten::reciprocal', [input]) as Tensor;
}

/** `aten::sqrt(Tensor self) -> Tensor` */
export function sqrt(input: Tensor): Tensor {
  return callOperator('aten::sqrt', [input]) as Tensor;
}

/** `aten::rsqrt(Tensor self) -> Tensor` */
export function rsqrt(input: Tensor): Tensor {
  return callOperator('aten::rsqrt', [input]) as Tensor;
}

/** `aten::exp(Tensor self) -> Tensor` */
export function exp(input: Tensor): Tensor {
  return callOperator('aten::exp', [input]) as Tensor;
}

/** `aten::log(Tensor self) -> Tensor` */
export function log(input: Tensor): Tensor {
  return callOperator('aten::log', [input]) as Tensor;
}

/** `aten::sin(Tensor self) -> Tensor` */
export function sin(input: Tensor): Tensor {
  return callOperator('aten::sin', [input]) as Tensor;
}

/** `aten::cos(Tensor self) -> Tensor` */
export function cos(input: Tensor): Tensor {
  return callOperator('aten::cos', [input]) as Tensor;
}

/** `aten::tanh(Tensor self) -> Tensor` */
export function tanh(input: Tensor): Tensor {
  return callOperator('aten::tanh', [input]) as Tensor;
}

/** `aten::sigmoid(Tensor self) -> Tensor` */
export function sigmoid(input: Tensor): Tensor {
  return callOperator('aten::sigmoid', [input]) as Tensor;
}

/** `aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor` */
export function clamp(input: Tensor, opts: { min?: number | null | undefined; max?: number | null | undefined } = {}): Tensor {
  return callOperator('aten::clamp', [input, opts.min, opts.max]) as Tensor;
}

/** `aten::clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)` */
export function clamp_(input: Tensor, opts: { min?: number | null | undefined; max?: number | null | undefined } = {}): Tensor {
  (callOperator('aten::clamp_', [input, opts.min, opts.max]) as Tensor).dispose();
  return input;
}

/** `aten::maximum(Tensor self, Tensor other) -> Tensor` */
export function maximum(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::maximum', [input, other]) as Tensor;
}

/** `aten::minimum(Tensor self, Tensor other) -> Tensor` */
export function minimum(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::minimum', [input, other]) as Tensor;
}

/** `aten::eq.Tensor(Tensor self, Tensor other) -> Tensor` */
export function eq(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::eq.Tensor', [input, other]) as Tensor;
}

/** `aten::eq.Scalar(Tensor self, Scalar other) -> Tensor` */
export function eq_Scalar(input: Tensor, other: number): Tensor {
  return callOperator('aten::eq.Scalar', [input, other]) as Tensor;
}

/** `aten::ne.Scalar(Tensor self, Scalar other) -> Tensor` */
export function ne(input: Tensor, other: number): Tensor {
  return callOperator('aten::ne.Scalar', [input, other]) as Tensor;
}

/** `aten::lt.Scalar(Tensor self, Scalar other) -> Tensor` */
export function lt(input: Tensor, other: number): Tensor {
  return callOperator('aten::lt.Scalar', [input, other]) as Tensor;
}

/** `aten::gt.Scalar(Tensor self, Scalar other) -> Tensor` */
export function gt(input: Tensor, other: number): Tensor {
  return callOperator('aten::gt.Scalar', [input, other]) as Tensor;
}

/** `aten::logical_not(Tensor self) -> Tensor` */
export function logical_not(input: Tensor): Tensor {
  return callOperator('aten::logical_not', [input]) as Tensor;
}

/** `aten::logical_and(Tensor self, Tensor other) -> Tensor` */
export function logical_and(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::logical_and', [input, other]) as Tensor;
}

/** `aten::isnan(Tensor self) -> Tensor` */
export function isnan(input: Tensor): Tensor {
  return callOperator('aten::isnan', [input]) as Tensor;
}

/** `aten::isfinite(Tensor self) -> Tensor` */
export function isfinite(input: Tensor): Tensor {
  return callOperator('aten::isfinite', [input]) as Tensor;
}

/** `aten::all(Tensor self) -> Tensor` */
export function all(input: Tensor): Tensor {
  return callOperator('aten::all', [input]) as Tensor;
}

/** `aten::any(Tensor self) -> Tensor` */
export function any(input: Tensor): Tensor {
  return callOperator('aten::any', [input]) as Tensor;
}

/** `aten::equal(Tensor self, Tensor other) -> bool` */
export function equal(input: Tensor, other: Tensor): boolean {
  return callOperator('aten::equal', [input, other]) as boolean;
}

/** `aten::allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool` */
export function allclose(input: Tensor, other: Tensor, opts: { rtol?: number | undefined; atol?: number | undefined; equal_nan?: boolean | undefined } = {}): boolean {
  return callOperator('aten::allclose', [input, other, opts.rtol, opts.atol, opts.equal_nan]) as boolean;
}

/** `aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor` */
export function sum(input: Tensor, opts: { dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::sum', [input, opts.dtype]) as Tensor;
}

/** `aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor` */
export function sum_dim_IntList(input: Tensor, dim: readonly number[] | null, opts: { keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::sum.dim_IntList', [input, dim, opts.keepdim, opts.dtype]) as Tensor;
}

/** `aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor` */
export function mean(input: Tensor, opts: { dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::mean', [input, opts.dtype]) as Tensor;
}

/** `aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor` */
export function mean_dim(input: Tensor, dim: readonly number[] | null, opts: { keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::mean.dim', [input, dim, opts.keepdim, opts.dtype]) as Tensor;
}

/** `aten::max(Tensor self) -> Tensor` */
export function max(input: Tensor): Tensor {
  return callOperator('aten::max', [input]) as Tensor;
}

/** `aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)` */
export function max_dim(input: Tensor, dim: number, opts: { keepdim?: boolean | undefined } = {}): [Tensor, Tensor] {
  return callOperator('aten::max.dim', [input, dim, opts.keepdim]) as [Tensor, Tensor];
}

/** `aten::min(Tensor self) -> Tensor` */
export function min(input: Tensor): Tensor {
  return callOperator('aten::min', [input]) as Tensor;
}

/** `aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor` */
export function argmax(input: Tensor, opts: { dim?: number | null | undefined; keepdim?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::argmax', [input, opts.dim, opts.keepdim]) as Tensor;
}

/** `aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)` */
export function topk(input: Tensor, k: number, opts: { dim?: number | undefined; largest?: boolean | undefined; sorted?: boolean | undefined } = {}): [Tensor, Tensor] {
  return callOperator('aten::topk', [input, k, opts.dim, opts.largest, opts.sorted]) as [Tensor, Tensor];
}

/** `aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)` */
export function sort(input: Tensor, opts: { dim?: number | undefined; descending?: boolean | undefined } = {}): [Tensor, Tensor] {
  return callOperator('aten::sort', [input, opts.dim, opts.descending]) as [Tensor, Tensor];
}

/** `aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor` */
export function cumsum(input: Tensor, dim: number, opts: { dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::cumsum', [input, dim, opts.dtype]) as Tensor;
}

/** `aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor` */
export function logsumexp(input: Tensor, dim: readonly number[], opts: { keepdim?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::logsumexp', [input, dim, opts.keepdim]) as Tensor;
}

/** `aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor` */
export function linalg_vector_norm(input: Tensor, opts: { ord?: number | undefined; dim?: readonly number[] | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::linalg_vector_norm', [input, opts.ord, opts.dim, opts.keepdim, opts.dtype]) as Tensor;
}

/** `aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]` */
export function _foreach_norm(input: readonly Tensor[], opts: { ord?: number | undefined; dtype?: DType | null | undefined } = {}): Tensor[] {
  return callOperator('aten::_foreach_norm.Scalar', [input, opts.ord, opts.dtype]) as Tensor[];
}

/** `aten::_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_mul_(input: readonly Tensor[], scalar: number): void {
  callOperator('aten::_foreach_mul_.Scalar', [input, scalar]);
}

/** `aten::_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> ()` */
export function _foreach_mul__Tensor(input: readonly Tensor[], other: Tensor): void {
  callOperator('aten::_foreach_mul_.Tensor', [input, other]);
}

/** `aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_add_(input: readonly Tensor[], scalar: number): void {
  callOperator('aten::_foreach_add_.Scalar', [input, scalar]);
}

/** `aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()` */
export function _foreach_add__List(input: readonly Tensor[], other: readonly Tensor[], opts: { alpha?: number | undefined } = {}): void {
  callOperator('aten::_foreach_add_.List', [input, other, opts.alpha]);
}

/** `aten::_foreach_lerp_.Scalar(Tensor(a!)[] self, Tensor[] tensors1, Scalar weight) -> ()` */
export function _foreach_lerp_(input: readonly Tensor[], tensors1: readonly Tensor[], weight: number): void {
  callOperator('aten::_foreach_lerp_.Scalar', [input, tensors1, weight]);
}

/** `aten::_foreach_zero_(Tensor(a!)[] self) -> ()` */
export function _foreach_zero_(input: readonly Tensor[]): void {
  callOperator('aten::_foreach_zero_', [input]);
}

/** `aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor` */
export function linear(input: Tensor, weight: Tensor, opts: { bias?: Tensor | null | undefined } = {}): Tensor {
  return callOperator('aten::linear', [input, weight, opts.bias]) as Tensor;
}

/** `aten::matmul(Tensor self, Tensor other) -> Tensor` */
export function matmul(input: Tensor, other: Tensor): Tensor {
  return callOperator('aten::matmul', [input, other]) as Tensor;
}

/** `aten::mm(Tensor self, Tensor mat2) -> Tensor` */
export function mm(input: Tensor, mat2: Tensor): Tensor {
  return callOperator('aten::mm', [input, mat2]) as Tensor;
}

/** `aten::bmm(Tensor self, Tensor mat2) -> Tensor` */
export function bmm(input: Tensor, mat2: Tensor): Tensor {
  return callOperator('aten::bmm', [input, mat2]) as Tensor;
}

/** `aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor` */
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, opts: { beta?: number | undefined; alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::addmm', [input, mat1, mat2, opts.beta, opts.alpha]) as Tensor;
}

/** `aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor` */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, opts: { beta?: number | undefined; alpha?: number | undefined } = {}): Tensor {
  return callOperator('aten::baddbmm', [input, batch1, batch2, opts.beta, opts.alpha]) as Tensor;
}

/** `aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor` */
export function embedding(weight: Tensor, indices: Tensor, opts: { padding_idx?: number | undefined; scale_grad_by_freq?: boolean | undefined; sparse?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::embedding', [weight, indices, opts.padding_idx, opts.scale_grad_by_freq, opts.sparse]) as Tensor;
}

/** `aten::silu(Tensor self) -> Tensor` */
export function silu(input: Tensor): Tensor {
  return callOperator('aten::silu', [input]) as Tensor;
}

/** `aten::gelu(Tensor self, *, str approximate="none") -> Tensor` */
export function gelu(input: Tensor, opts: { approximate?: string | undefined } = {}): Tensor {
  return callOperator('aten::gelu', [input, opts.approximate]) as Tensor;
}

/** `aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor` */
export function layer_norm(input: Tensor, normalized_shape: readonly number[], opts: { weight?: Tensor | null | undefined; bias?: Tensor | null | undefined; eps?: number | undefined; cudnn_enable?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::layer_norm', [input, normalized_shape, opts.weight, opts.bias, opts.eps, opts.cudnn_enable]) as Tensor;
}

/** `aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor` */
export function binary_cross_entropy_with_logits(input: Tensor, target: Tensor, opts: { weight?: Tensor | null | undefined; pos_weight?: Tensor | null | undefined; reduction?: number | undefined } = {}): Tensor {
  return callOperator('aten::binary_cross_entropy_with_logits', [input, target, opts.weight, opts.pos_weight, opts.reduction]) as Tensor;
}

/** `aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor` */
export function softmax(input: Tensor, dim: number, opts: { dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::softmax.int', [input, dim, opts.dtype]) as Tensor;
}

/** `aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor` */
export function log_softmax(input: Tensor, dim: number, opts: { dtype?: DType | null | undefined } = {}): Tensor {
  return callOperator('aten::log_softmax.int', [input, dim, opts.dtype]) as Tensor;
}

/** `aten::_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps) -> (Tensor, Tensor)` */
export function _fused_rms_norm(input: Tensor, normalized_shape: readonly number[], weight: Tensor | null, eps: number | null): [Tensor, Tensor] {
  return callOperator('aten::_fused_rms_norm', [input, normalized_shape, weight, eps]) as [Tensor, Tensor];
}

/** `aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor` */
export function scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, opts: { attn_mask?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; scale?: number | null | undefined; enable_gqa?: boolean | undefined } = {}): Tensor {
  return callOperator('aten::scaled_dot_product_attention', [query, key, value, opts.attn_mask, opts.dropout_p, opts.is_causal, opts.scale, opts.enable_gqa]) as Tensor;
}

/** `aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0.) -> Tensor` */
export function cross_entropy_loss(input: Tensor, target: Tensor, opts: { weight?: Tensor | null | undefined; reduction?: number | undefined; ignore_index?: number | undefined; label_smoothing?: number | undefined } = {}): Tensor {
  return callOperator('aten::cross_entropy_loss', [input, target, opts.weight, opts.reduction, opts.ignore_index, opts.label_smoothing]) as Tensor;
}

/** `aten::dropout(Tensor input, float p, bool train) -> Tensor` */
export function dropout(input: Tensor, p: number, train: boolean): Tensor {
  return callOperator('aten::dropout', [input, p, train]) as Tensor;
}

/** `aten::_fused_adamw_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adamw_(input: readonly Tensor[], grads: readonly Tensor[], exp_avgs: readonly Tensor[], exp_avg_sqs: readonly Tensor[], max_exp_avg_sqs: readonly Tensor[], state_steps: readonly Tensor[], opts: { lr: number; beta1: number; beta2: number; weight_decay: number; eps: number; amsgrad: boolean; maximize: boolean; grad_scale?: Tensor | null | undefined; found_inf?: Tensor | null | undefined }): void {
  callOperator('aten::_fused_adamw_', [input, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, opts.lr, opts.beta1, opts.beta2, opts.weight_decay, opts.eps, opts.amsgrad, opts.maximize, opts.grad_scale, opts.found_inf]);
}

/** `lucie::rms_norm(Tensor x, Tensor weight, float eps) -> Tensor` */
export function rms_norm(x: Tensor, weight: Tensor, eps: number): Tensor {
  return callOperator('lucie::rms_norm', [x, weight, eps]) as Tensor;
}

/** `lucie::add_rms_norm(Tensor x, Tensor residual, Tensor weight, float eps) -> (Tensor, Tensor)` */
export function add_rms_norm(x: Tensor, residual: Tensor, weight: Tensor, eps: number): [Tensor, Tensor] {
  return callOperator('lucie::add_rms_norm', [x, residual, weight, eps]) as [Tensor, Tensor];
}

/** `lucie::rope(Tensor x, Tensor cos, Tensor sin) -> Tensor` */
export function rope(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return callOperator('lucie::rope', [x, cos, sin]) as Tensor;
}

/** `lucie::attention(Tensor q, Tensor k, Tensor v, float? scale=None, Tensor? lengths=None) -> Tensor` */
export function attention(q: Tensor, k: Tensor, v: Tensor, opts: { scale?: number | null | undefined; lengths?: Tensor | null | undefined } = {}): Tensor {
  return callOperator('lucie::attention', [q, k, v, opts.scale, opts.lengths]) as Tensor;
}

/** `lucie::swiglu(Tensor gate, Tensor up) -> Tensor` */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  return callOperator('lucie::swiglu', [gate, up]) as Tensor;
}

/** `lucie::linears(Tensor x, Tensor[] weights) -> Tensor[]` */
export function linears(x: Tensor, weights: readonly Tensor[]): Tensor[] {
  return callOperator('lucie::linears', [x, weights]) as Tensor[];
}

/** `lucie::linear_cross_entropy(Tensor x, Tensor weight, Tensor targets, int ignore_index=-100) -> Tensor` */
export function linear_cross_entropy(x: Tensor, weight: Tensor, targets: Tensor, opts: { ignore_index?: number | undefined } = {}): Tensor {
  return callOperator('lucie::linear_cross_entropy', [x, weight, targets, opts.ignore_index]) as Tensor;
}

/** `lucie::linear_cross_entropy_rows(Tensor x, Tensor weight, Tensor targets, int ignore_index=-100) -> Tensor` */
export function linear_cross_entropy_rows(x: Tensor, weight: Tensor, targets: Tensor, opts: { ignore_index?: number | undefined } = {}): Tensor {
  return callOperator('lucie::linear_cross_entropy_rows', [x, weight, targets, opts.ignore_index]) as Tensor;
}
