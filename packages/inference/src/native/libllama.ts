import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import koffi, { type TypeObject } from 'koffi';
import { idleCores, physicalCores } from '../models/idle-cores.ts';
import { giveFreedMemoryBack } from './allocator.ts';
import { setKoffiStacks } from './koffi-stacks.ts';
import { koffiStruct, layouts } from './layouts.ts';
import { takeLine } from './native-log.ts';

/** An address in native memory; `null` where C has NULL. */
export type Pointer = bigint | null;
/** A structure of C by the names of its fields. */
export type Struct = Record<string, number | boolean | bigint | null>;
/** A function that can also run on a thread of libuv's pool. */
type Native<A extends unknown[], R> = ((...args: A) => R) & {
  async: (...args: [...A, (error: Error | null, result: R) => void]) => void;
};

/** The part of libllama's C interface that this package calls, under its own names without the prefix `llama_`. */
export interface Libllama {
  version: string;
  types: {
    modelParams: TypeObject;
    contextParams: TypeObject;
    batch: TypeObject;
    quantizeParams: TypeObject;
  };
  model_default_params: Native<[], Struct>;
  context_default_params: Native<[], Struct>;
  model_quantize_default_params: Native<[], Struct>;
  model_load_from_file: Native<[path: string, params: Struct], Pointer>;
  model_free: Native<[model: Pointer], void>;
  model_get_vocab: Native<[model: Pointer], Pointer>;
  model_is_hybrid: Native<[model: Pointer], boolean>;
  model_is_recurrent: Native<[model: Pointer], boolean>;
  model_n_ctx_train: Native<[model: Pointer], number>;
  model_has_decoder: Native<[model: Pointer], boolean>;
  model_has_encoder: Native<[model: Pointer], boolean>;
  model_n_embd_out: Native<[model: Pointer], number>;
  init_from_model: Native<[model: Pointer, params: Struct], Pointer>;
  free: Native<[context: Pointer], void>;
  n_ctx_seq: Native<[context: Pointer], number>;
  get_memory: Native<[context: Pointer], Pointer>;
  memory_seq_cp: Native<[memory: Pointer, from: number, to: number, start: number, end: number], void>;
  memory_seq_rm: Native<[memory: Pointer, sequence: number, from: number, to: number], boolean>;
  batch_get_one: Native<[tokens: Pointer, count: number], Struct>;
  decode: Native<[context: Pointer, batch: Struct], number>;
  encode: Native<[context: Pointer, batch: Struct], number>;
  pooling_type: Native<[context: Pointer], number>;
  get_embeddings: Native<[context: Pointer], Pointer>;
  get_embeddings_seq: Native<[context: Pointer, sequence: number], Pointer>;
  get_logits: Native<[context: Pointer], Pointer>;
  state_seq_get_size: Native<[context: Pointer, sequence: number], number | bigint>;
  state_seq_get_data: Native<
    [context: Pointer, out: Uint8Array, bytes: number, sequence: number],
    number | bigint
  >;
  state_seq_set_data: Native<
    [context: Pointer, state: Uint8Array, bytes: number, sequence: number],
    number | bigint
  >;
  vocab_n_tokens: Native<[vocab: Pointer], number>;
  vocab_bos: Native<[vocab: Pointer], number>;
  vocab_eos: Native<[vocab: Pointer], number>;
  vocab_eot: Native<[vocab: Pointer], number>;
  vocab_is_eog: Native<[vocab: Pointer, token: number], boolean>;
  vocab_is_control: Native<[vocab: Pointer, token: number], boolean>;
  vocab_get_attr: Native<[vocab: Pointer, token: number], number>;
  vocab_get_add_bos: Native<[vocab: Pointer], boolean>;
  tokenize: Native<
    [
      vocab: Pointer,
      text: Uint8Array,
      bytes: number,
      out: Int32Array,
      room: number,
      add: boolean,
      parse: boolean,
    ],
    number
  >;
  token_to_piece: Native<
    [vocab: Pointer, token: number, out: Uint8Array, room: number, lstrip: number, special: boolean],
    number
  >;
  print_system_info: Native<[], string>;
  model_quantize: Native<[input: string, output: string, params: Pointer], number>;
}

/** Runs a native function on a thread of libuv's pool, so that the event loop stays free meanwhile. */
export function callAsync<A extends unknown[], R>(fn: Native<A, R>, ...args: A): Promise<R> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Folder and version of the prebuilt package for this machine. */
export function findLibllama(): { dir: string; version: string } {
  const name = `@node-llama-cpp/linux-${process.arch}`;
  const entry = locate(name);
  if (process.platform !== 'linux' || !entry) {
    throw new LucieError({
      code: 'ENGINE_MISSING',
      found: `no ${name} for ${process.platform} ${process.arch}`,
      expected: 'the prebuilt libllama that npm installs on Linux x64 and arm64',
      todo: 'run npm install in the checkout, on one of those machines',
    });
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { dir: join(root, 'bins', `linux-${process.arch}`), version };
}

function locate(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/** One line about the engine, for diagnosis: loads it, so that what it says has been tried. */
export async function libllamaFacts(): Promise<string> {
  const { version, print_system_info } = libllama();
  const features = [...print_system_info().matchAll(/(\w+) = 1\b/g)].map((match) => match[1]);
  const cores = `${await idleCores()} of ${physicalCores()} cores idle`;
  return `libllama ${version} (llama.cpp v0.5.0), ${cpuLibrary()}, ${features.join(' ')}, ${cores}`;
}

/** Which of the package's CPU libraries suits this processor best, as ggml has chosen. */
function cpuLibrary(): string {
  return /libggml-cpu[\w.-]*\.so/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? 'no CPU library';
}

let loaded: Libllama | undefined;

/**
 * Loads libllama once per process: its libraries in the order of their dependencies, then the CPU backend that suits
 * this processor best.
 * @throws LucieError `ENGINE_MISSING`, or `ENGINE_VERSION` for a build whose structures are not known
 */
export function libllama(): Libllama {
  if (loaded) return loaded;
  const { dir, version } = findLibllama();
  const layout = layouts.get(version);
  if (!layout) {
    throw new LucieError({
      code: 'ENGINE_VERSION',
      found: `prebuilt libllama ${version}`,
      expected: [...layouts.keys()].join(' or '),
      todo: 'run npm ci in the checkout, which installs the version that it pins',
    });
  }
  setKoffiStacks();
  giveFreedMemoryBack();
  koffi.load(join(dir, 'libggml-base.so'), { global: true });
  const ggml = koffi.load(join(dir, 'libggml.v0.5.0.so'), { global: true });
  const llama = koffi.load(join(dir, 'libllama.v0.5.0.so'), { global: true });
  const types = {
    modelParams: koffiStruct(layout.modelParams),
    contextParams: koffiStruct(layout.contextParams),
    batch: koffiStruct(layout.batch),
    quantizeParams: koffiStruct(layout.quantizeParams),
  };
  const fn = <A extends unknown[], R>(
    name: string,
    result: string | TypeObject,
    args: (string | TypeObject)[],
  ) => llama.func(`llama_${name}`, result, args) as Native<A, R>;

  const callback = koffi.proto('void', ['int', 'str', 'void *']);
  fn<[bigint, null], void>('log_set', 'void', [koffi.pointer(callback), 'void *'])(
    koffi.register(takeLine, koffi.pointer(callback)),
    null,
  );
  ggml.func('ggml_backend_load_all_from_path', 'void', ['str'])(dir);
  fn('backend_init', 'void', [])();
  const p = 'void *';
  loaded = {
    version,
    types,
    model_default_params: fn('model_default_params', types.modelParams, []),
    context_default_params: fn('context_default_params', types.contextParams, []),
    model_quantize_default_params: fn('model_quantize_default_params', types.quantizeParams, []),
    model_load_from_file: fn('model_load_from_file', p, ['str', types.modelParams]),
    model_free: fn('model_free', 'void', [p]),
    model_get_vocab: fn('model_get_vocab', p, [p]),
    model_is_hybrid: fn('model_is_hybrid', 'bool', [p]),
    model_is_recurrent: fn('model_is_recurrent', 'bool', [p]),
    model_n_ctx_train: fn('model_n_ctx_train', 'int32', [p]),
    model_has_decoder: fn('model_has_decoder', 'bool', [p]),
    model_has_encoder: fn('model_has_encoder', 'bool', [p]),
    model_n_embd_out: fn('model_n_embd_out', 'int32', [p]),
    init_from_model: fn('init_from_model', p, [p, types.contextParams]),
    free: fn('free', 'void', [p]),
    n_ctx_seq: fn('n_ctx_seq', 'uint32', [p]),
    get_memory: fn('get_memory', p, [p]),
    memory_seq_cp: fn('memory_seq_cp', 'void', [p, 'int32', 'int32', 'int32', 'int32']),
    memory_seq_rm: fn('memory_seq_rm', 'bool', [p, 'int32', 'int32', 'int32']),
    batch_get_one: fn('batch_get_one', types.batch, [p, 'int32']),
    decode: fn('decode', 'int32', [p, types.batch]),
    encode: fn('encode', 'int32', [p, types.batch]),
    pooling_type: fn('pooling_type', 'int32', [p]),
    get_embeddings: fn('get_embeddings', p, [p]),
    get_embeddings_seq: fn('get_embeddings_seq', p, [p, 'int32']),
    get_logits: fn('get_logits', p, [p]),
    state_seq_get_size: fn('state_seq_get_size', 'size_t', [p, 'int32']),
    state_seq_get_data: fn('state_seq_get_data', 'size_t', [p, p, 'size_t', 'int32']),
    state_seq_set_data: fn('state_seq_set_data', 'size_t', [p, p, 'size_t', 'int32']),
    vocab_n_tokens: fn('vocab_n_tokens', 'int32', [p]),
    vocab_bos: fn('vocab_bos', 'int32', [p]),
    vocab_eos: fn('vocab_eos', 'int32', [p]),
    vocab_eot: fn('vocab_eot', 'int32', [p]),
    vocab_is_eog: fn('vocab_is_eog', 'bool', [p, 'int32']),
    vocab_is_control: fn('vocab_is_control', 'bool', [p, 'int32']),
    vocab_get_attr: fn('vocab_get_attr', 'int32', [p, 'int32']),
    vocab_get_add_bos: fn('vocab_get_add_bos', 'bool', [p]),
    tokenize: fn('tokenize', 'int32', [p, p, 'int32', p, 'int32', 'bool', 'bool']),
    token_to_piece: fn('token_to_piece', 'int32', [p, 'int32', p, 'int32', 'int32', 'bool']),
    print_system_info: fn('print_system_info', 'str', []),
    model_quantize: fn('model_quantize', 'uint32', ['str', 'str', p]),
  };
  return loaded;
}
